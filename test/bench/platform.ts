import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type ApiClient, createClient } from '../../scripts/cli/client.ts';
import { freePort } from '../../scripts/local/host/free-port.ts';

const maxStartMs = 120_000;
const maxStopMs = 30_000;

/** A platform that `npm start` runs in processes of its own. */
export interface BenchPlatform {
  readonly url: string;
  readonly client: ApiClient;
  /** Process id of npm, whose descendants are all of the platform. */
  readonly npmPid: number;
  /** From `npm start` until it told that it is ready. */
  readonly readyAfterMs: number;
  stop(): Promise<void>;
}

/** Starts the platform of the repository in `rootDir` as a person would; rejects with its last words when it does not get ready. */
export async function startPlatform(rootDir: string, dataDir: string): Promise<BenchPlatform> {
  const port = await freePort();
  const awsPort = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const flags = ['--json', '--no-example', '--data', dataDir, '--port', String(port)];
  const startedMs = performance.now();
  const npm = spawn('npm', ['start', '--silent', '--', ...flags, '--aws-port', String(awsPort)], {
    cwd: rootDir,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const runtimePid = await ready(npm);
  return {
    url,
    client: createClient({ platformUrl: url, predictionUrl: url }),
    npmPid: npm.pid ?? 0,
    readyAfterMs: performance.now() - startedMs,
    async stop() {
      const exited = once(npm, 'exit', { signal: AbortSignal.timeout(maxStopMs) });
      process.kill(runtimePid, 'SIGTERM');
      await exited;
    },
  };
}

/** Resolves with the runtime's process id once it says that it is ready. */
async function ready(npm: ChildProcess): Promise<number> {
  let said = '';
  const keep = (text: string) => {
    said = `${said}${text}\n`.slice(-4000);
  };
  npm.stderr?.setEncoding('utf8').on('data', keep);
  const told = new Promise<number>((resolve) => {
    createInterface({ input: npm.stdout! }).on('line', (line) => {
      keep(line);
      if (line.includes('"event":"ready"')) resolve((JSON.parse(line) as { pid: number }).pid);
    });
  });
  const failed = once(npm, 'exit', { signal: AbortSignal.timeout(maxStartMs) }).then(
    () => {
      throw new Error(`The platform ended before it was ready. It said:\n${said}`);
    },
    () => {
      throw new Error(`The platform was not ready after ${maxStartMs / 1000} s. It said:\n${said}`);
    },
  );
  failed.catch(() => undefined);
  return Promise.race([told, failed]);
}
