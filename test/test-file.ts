import path from 'node:path';
import { expect } from 'vitest';

const rootDir = path.resolve(import.meta.dirname, '..');

/** The test file that is running, from the root of the repository. */
export function testFile(): string {
  const { testPath } = expect.getState();
  if (testPath === undefined) throw new Error('No test file is running.');
  return path.relative(rootDir, testPath);
}
