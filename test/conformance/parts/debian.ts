import { existsSync } from 'node:fs';
import { runWell } from './program.ts';

/** Path of a program that a Debian package brings; installed where this is root on Debian. Rejects where it is not to be had. */
export async function debianProgram(file: string, packages: readonly string[]): Promise<string> {
  if (existsSync(file)) return file;
  if (process.getuid?.() !== 0) throw new Error(`${file} is not there: install ${packages.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runWell('apt-get', ['update', '-qq'], { env });
  await runWell('apt-get', ['install', '-y', '-qq', ...packages], { env });
  if (!existsSync(file)) throw new Error(`${packages.join(', ')} did not bring ${file}`);
  return file;
}
