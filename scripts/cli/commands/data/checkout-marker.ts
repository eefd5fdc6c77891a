import { existsSync } from 'node:fs';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { CliFailure, exitCodes } from '../../failure.ts';
import { markerName, partSuffix } from './checkout-files.ts';

const marker = z.object({
  project: z.string(),
  datasetVersion: z.int(),
  contentSha256: z.string(),
  /** SHA-256 of the version's files, by their names in the folder. */
  files: z.record(z.string(), z.string()),
});
/** What a folder says of itself: that it is a checkout, and of what. */
export type CheckoutMarker = z.infer<typeof marker>;

/** What a folder says it is; undefined where it is new or empty. Throws CliFailure where it holds anything else. */
export async function readMarker(folder: string, project: string): Promise<CheckoutMarker | undefined> {
  if (!existsSync(folder)) return undefined;
  const names = await readdir(folder).catch(() => {
    throw new CliFailure(exitCodes.usage, `'${folder}' is not a folder. Name another one.`);
  });
  if (names.length === 0) return undefined;
  const text = names.includes(markerName) ? await readFile(path.join(folder, markerName), 'utf8') : undefined;
  const found = marker.safeParse(text === undefined ? undefined : parsed(text)).data;
  if (found?.project === project) return found;
  throw new CliFailure(
    exitCodes.usage,
    found
      ? `'${folder}' holds a checkout of project '${found.project}'. Name another folder, or remove that one.`
      : `'${folder}' is not empty and no checkout. Name an empty or a new folder.`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Written whole or not at all. */
export async function writeMarker(folder: string, content: CheckoutMarker): Promise<void> {
  const target = path.join(folder, markerName);
  await writeFile(`${target}${partSuffix}`, `${JSON.stringify(content, null, 2)}\n`);
  await rename(`${target}${partSuffix}`, target);
}
