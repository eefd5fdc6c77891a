import path from 'node:path';
import { cachedFolder } from './cache.ts';
import { runWell } from './program.ts';

/** A virtual environment of Python with pinned packages of PyPI, e.g. `['cfn-lint==1.58.0']`. */
export interface PythonEnvironment {
  readonly python: string;
  /** Path of a program that a package brings. */
  program(name: string): string;
}

/** Makes the environment where it is not there yet. Rejects without Python 3 or when a package is not to be had. */
export async function pythonEnvironment(
  name: string,
  requirements: readonly string[],
): Promise<PythonEnvironment> {
  const python3 = process.env['MILLRACE_PYTHON3'] ?? 'python3';
  const version = await runWell(python3, ['--version']);
  const folder = await cachedFolder(`python-${name}`, { version, requirements }, async (target) => {
    await runWell(python3, ['-m', 'venv', target]);
    await runWell(path.join(target, 'bin', 'pip'), ['install', '--quiet', ...requirements]);
  });
  const program = (file: string) => path.join(folder, 'bin', file);
  return { python: program('python'), program };
}
