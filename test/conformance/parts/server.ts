import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program that runs until it is stopped. */
export interface RunningProgram {
  readonly pid: number;
  /** What it has written so far, at most the newest 8,000 characters. */
  output(): string;
  stop(): Promise<void>;
}

/** A program of other people that answers on a loopback port. */
export interface ForeignServer extends RunningProgram {
  readonly url: string;
}

export interface ProgramSettings {
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

export interface ServerOptions extends ProgramSettings {
  /** Asked until it answers without a server error. */
  readonly readyPath?: string;
}

/** Starts a program that shall listen on `port` and waits until it answers HTTP, as `startProgram` does. */
export async function startServer(
  file: string,
  port: number,
  { readyPath = '/', ...settings }: ServerOptions,
): Promise<ForeignServer> {
  const url = `http://127.0.0.1:${port}`;
  return { url, ...(await startProgram(file, settings, () => answers(url + readyPath))) };
}

/**
 * Starts a program and waits until it is ready, by what it wrote or by asking it. Rejects with what it wrote when it ends before or takes
 * too long. It ends at `stop`, and with this process.
 */
export async function startProgram(
  file: string,
  { args, env = process.env, timeoutMs = 60_000 }: ProgramSettings,
  isReady: (output: string) => boolean | Promise<boolean>,
): Promise<RunningProgram> {
  const child = spawn(file, [...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-8000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  const stop = async () => {
    process.removeListener('exit', kill);
    await end(child);
  };
  const deadline = Date.now() + timeoutMs;
  while (!(await isReady(output))) {
    const hasEnded = failure !== undefined || child.exitCode !== null || Date.now() > deadline;
    if (hasEnded) {
      await stop();
      throw new Error(`${file} did not get ready: ${failure?.message ?? ''}\n${output}`);
    }
    await sleep(100);
  }
  return { pid: child.pid ?? 0, output: () => output, stop };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).status < 500;
  } catch {
    return false;
  }
}

/** Asks a program to end, and makes it after twenty seconds. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(timer);
}

/** Configuration of an SDK client for a server that asks for no account. */
export const anyClient = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
});
