import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Predictor } from '../model/predictor.ts';
import { createPredictor } from '../model/predictor.ts';
import { readModel } from '../model/read-model.ts';

/**
 * Loads the model from the first file of a folder whose name does not begin with a dot, as the managed image does.
 * @throws Error naming the file and what is wrong with it.
 */
export function loadModel(folder: string): Predictor {
  const files = readdirSync(folder)
    .sort()
    .filter((name) => !name.startsWith('.') && statSync(join(folder, name)).isFile());
  const [file] = files;
  if (file === undefined)
    throw new Error(
      `The model folder ${folder} holds no file; model.tar.gz must have the model at its top level.`,
    );
  if (files.length > 1)
    throw new Error(
      `The model folder ${folder} holds ${files.length} files (${files.join(', ')}); exactly one is served. Put others into a sub-folder.`,
    );
  try {
    return createPredictor(readModel(readFileSync(join(folder, file))));
  } catch (error) {
    throw new Error(
      `Model ${file} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
