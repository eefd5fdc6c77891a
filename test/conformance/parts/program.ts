import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const maxOutputBytes = 256 * 1024 * 1024;

export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

/** How a program ended, whatever its exit code; rejects only when it cannot be started or takes too long. */
export interface ProgramEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export async function runProgram(
  file: string,
  args: readonly string[],
  { cwd, env, timeoutMs = 600_000 }: ProgramOptions = {},
): Promise<ProgramEnd> {
  try {
    const { stdout, stderr } = await run(file, [...args], {
      cwd,
      env: env ?? process.env,
      timeout: timeoutMs,
      maxBuffer: maxOutputBytes,
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const ended = error as { code?: unknown; killed?: boolean; stdout?: string; stderr?: string };
    if (typeof ended.code !== 'number' || ended.killed) throw error;
    return { code: ended.code, stdout: ended.stdout ?? '', stderr: ended.stderr ?? '' };
  }
}

/** Runs a program that must end well; rejects with what it said otherwise. Returns what it wrote to standard output. */
export async function runWell(
  file: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await runProgram(file, args, options);
  if (code === 0) return stdout;
  throw new Error(
    `${file} ${args.join(' ')} ended with exit code ${code}:\n${stdout}\n${stderr}`.slice(0, 8000),
  );
}
