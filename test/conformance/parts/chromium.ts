import { debianProgram } from './debian.ts';

/** Path of a Chromium: `CHROMIUM_PATH`, or Debian's. */
export function chromiumProgram(): Promise<string> {
  const named = process.env['CHROMIUM_PATH'];
  return named ? Promise.resolve(named) : debianProgram('/usr/bin/chromium', ['chromium']);
}
