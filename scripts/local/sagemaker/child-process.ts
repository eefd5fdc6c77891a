import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const endWithParent = new URL('./end-with-parent.ts', import.meta.url).href;

const networkIsolation = new URL('./network-isolation.ts', import.meta.url).href;

export interface ProgramOptions {
  /** What follows the file on the command line. */
  readonly programArguments?: readonly string[];
  /** Whether its sockets refuse to connect and to listen. */
  readonly isolateNetwork?: boolean;
}

/** How a program ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program of an image, running as a child process with nothing of this process's environment but the path. */
export interface RunningProgram {
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
  /** Sends SIGTERM, and SIGKILL after the grace time. Resolves when the program is gone. */
  stop(graceMs: number): Promise<Exit>;
}

/**
 * Starts a program.
 * @param onLine told of every line of its output and errors.
 */
export function startProgram(
  file: string,
  environment: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
  { programArguments = [], isolateNetwork = false }: ProgramOptions = {},
): RunningProgram {
  const preloads = [endWithParent, ...(isolateNetwork ? [networkIsolation] : [])];
  const flags = preloads.flatMap((module) => ['--import', module]);
  const child = spawn(process.execPath, [...flags, file, ...programArguments], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C at the terminal reaches the whole process group; a job must not look failed because the runtime stops.
    detached: true,
  });
  for (const output of [child.stdout, child.stderr]) createInterface({ input: output }).on('line', onLine);
  // `close` comes after the last line of output, `exit` may come before.
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', (error) => {
      onLine(error.message);
      resolve({ code: null, signal: null });
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return {
    child,
    exited,
    stop: async (graceMs) => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      const exit = await exited;
      clearTimeout(timer);
      return exit;
    },
  };
}
