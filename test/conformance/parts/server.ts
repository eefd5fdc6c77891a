import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program of other people that answers on a loopback port. */
export interface ForeignServer {
  readonly url: string;
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Asked until it answers without a server error. */
  readonly readyPath?: string;
  readonly timeoutMs?: number;
}

/**
 * Starts a program that shall listen on `port` and waits until it answers HTTP. Rejects with what it wrote when it ends before or does
 * not answer in time. It ends at `stop`, and with this process.
 */
export async function startServer(
  file: string,
  port: number,
  { args, env = process.env, readyPath = '/', timeoutMs = 60_000 }: ServerOptions,
): Promise<ForeignServer> {
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
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    process.removeListener('exit', kill);
    await end(child);
  };
  const deadline = Date.now() + timeoutMs;
  while (!(await answers(url + readyPath))) {
    const hasEnded = failure !== undefined || child.exitCode !== null || Date.now() > deadline;
    if (hasEnded) {
      await stop();
      throw new Error(`${file} did not come to answer on ${url}: ${failure?.message ?? ''}\n${output}`);
    }
    await sleep(100);
  }
  return { url, stop };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).status < 500;
  } catch {
    return false;
  }
}

/** Asks a program to end, and makes it after five seconds. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(timer);
}

/** A port of the loopback interface that is free now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Configuration of an SDK client for a server that asks for no account. */
export const anyClient = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
});
