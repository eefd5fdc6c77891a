import { readFileSync } from 'node:fs';

const dropAll = 'Start with --fresh to drop the data folder.';

/** A file of the data folder that cannot be read any more. Its message names the file and the cure. */
export class DamagedFile extends Error {
  /** @param cure what to do, as a sentence or two; dropping the whole data folder where nothing less helps */
  constructor(file: string, cause: unknown, cure = dropAll) {
    super(`${file} is damaged. ${cure}`, { cause });
    this.name = 'DamagedFile';
  }
}

/** Reads a JSON file of the data folder. Throws DamagedFile when it is not JSON. */
export function readStateFile(file: string, cure = dropAll): unknown {
  const text = readFileSync(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DamagedFile(file, cause, cure);
  }
}
