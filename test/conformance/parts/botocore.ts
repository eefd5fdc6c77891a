import path from 'node:path';
import { runWell } from './program.ts';
import { pythonEnvironment } from './python.ts';

/** Folder with the official service models, as the Python SDK brings them. */
export async function botocoreData(): Promise<string> {
  const { python } = await pythonEnvironment('botocore', ['botocore==1.44.8']);
  const file = await runWell(python, ['-c', 'import botocore; print(botocore.__file__)']);
  return path.join(path.dirname(file.trim()), 'data');
}
