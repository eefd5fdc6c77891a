import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { keepRun, recordDirOf } from '../check/kept-runs.ts';
import { freePort } from '../local/host/free-port.ts';

const startScript = fileURLToPath(new URL('../local/main.ts', import.meta.url));
const readyTimeoutMs = 120_000;
const stopTimeoutMs = 20_000;

/** A laptop platform in a process of its own, as `npm start` would run it. */
export interface DemoPlatform {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the platform on a fresh folder and free ports; throws with its last words when it does not get ready. */
export async function startPlatform(dataDir: string): Promise<DemoPlatform> {
  const [port, awsPort] = await Promise.all([freePort(), freePort()]);
  const args = [
    startScript,
    '--fresh',
    '--no-example',
    '--data',
    dataDir,
    '--port',
    String(port),
    '--aws-port',
    String(awsPort),
  ];
  const recordDir = recordDirOf(dataDir);
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...(recordDir === undefined ? {} : { MILLRACE_RECORD_DIR: recordDir }) },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  const listen = (chunk: Buffer) => {
    said = `${said}${chunk.toString('utf8')}`.slice(-4000);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  await ready(child, () => said);
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      await stop(child);
      keepRun(dataDir, { name: 'demo', templates: 'local' });
    },
  };
}

async function ready(child: ChildProcess, said: () => string): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs;
  while (!said().includes('Millrace is ready')) {
    if (child.exitCode !== null) throw new Error(`The platform did not start: ${said().trim()}`);
    if (Date.now() > deadline) {
      await stop(child);
      throw new Error(
        `The platform was not ready after ${readyTimeoutMs / 1000} s. It said: ${said().trim()}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await exited;
  clearTimeout(timer);
}
