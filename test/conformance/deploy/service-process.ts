import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

const maxStartMs = 60_000;
const maxStopMs = 20_000;
const keptOutputLength = 4000;

/** A program that serves until it is stopped. */
export interface ServiceProcess {
  stop(): Promise<void>;
}

/** Starts a program and waits for a line that matches. Rejects with what it said instead when it ends or takes too long. */
export async function startService(
  [file, ...args]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv,
  ready: RegExp,
): Promise<ServiceProcess & { readonly match: RegExpExecArray }> {
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const match = await new Promise<RegExpExecArray>((resolve, reject) => {
    const give = (why: string) => reject(new Error(`${file} ${why}:\n${output.slice(-keptOutputLength)}`));
    const timer = setTimeout(give, maxStartMs, `was not ready within ${maxStartMs / 1000} s`);
    const read = (chunk: Buffer) => {
      output = `${output}${chunk}`.slice(-10 * keptOutputLength);
      const found = ready.exec(output);
      if (!found) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', (error) => give(error.message));
    child.once('exit', (code) => give(`ended with exit code ${code}`));
  });
  return { match, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), maxStopMs);
  await ended;
  clearTimeout(timer);
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}
