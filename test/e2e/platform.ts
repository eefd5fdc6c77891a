import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EndpointDefinition } from '#shared/contracts/endpoint.ts';
import { keepRun, recordDirOf } from '../../scripts/check/kept-runs.ts';
import { type ApiClient, createClient } from '../../scripts/cli/client.ts';
import { freePort } from '../../scripts/local/host/free-port.ts';
import { testFile } from '../test-file.ts';

const rootDir = path.resolve(import.meta.dirname, '../..');
const maxStartMs = 60_000;
const maxStopMs = 30_000;
const keptOutputLength = 4000;

/** The deployed platform that the tests run against, where MILLRACE_URL names one; MILLRACE_TOKEN is its admin's. */
export const deployedUrl = process.env['MILLRACE_URL'];
const token = process.env['MILLRACE_TOKEN'];
const predictionUrl = (platformUrl: string) => process.env['MILLRACE_PREDICTION_URL'] ?? platformUrl;

/** What the laptop platform writes into its data folder. */
interface Endpoints {
  readonly awsUrl: string;
  readonly region: string;
  readonly buckets: Readonly<Record<string, string>>;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What the platform answers to a request that it refuses. */
interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly violations?: readonly { path: string; message: string; line?: number; column?: number }[];
}

/** How a command of the CLI ended. */
export interface CommandEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A platform, used like anybody does: by HTTP, by the AWS endpoint, by the command. */
export class Platform {
  readonly url: string;
  readonly #dir = mkdtempSync(path.join(tmpdir(), 'millrace-e2e-'));
  readonly #awsPort: number;
  readonly #environment: Readonly<Record<string, string>>;
  #process: ChildProcess | undefined;

  private constructor(url: string, awsPort: number, environment: Readonly<Record<string, string>>) {
    this.url = url;
    this.#awsPort = awsPort;
    this.#environment = environment;
  }

  /** The deployed platform, where MILLRACE_URL names one; else a laptop platform of its own on a fresh folder. */
  static async open(): Promise<Platform> {
    return deployedUrl ? new Platform(deployedUrl, 0, {}) : Platform.startLaptop();
  }

  /** A laptop platform of its own on a fresh folder; `faults` is what MILLRACE_FAULTS holds. */
  static async startLaptop(faults?: object): Promise<Platform> {
    const [port, awsPort] = [await freePort(), await freePort()];
    const environment: Record<string, string> = faults ? { MILLRACE_FAULTS: JSON.stringify(faults) } : {};
    const platform = new Platform(`http://127.0.0.1:${port}`, awsPort, environment);
    await platform.start();
    return platform;
  }

  /** Where the laptop platform keeps its state. */
  get dataDir(): string {
    return path.join(this.#dir, 'data');
  }

  /** Starts it, or starts it again with what was there when it ended; resolves when it is ready. */
  async start(): Promise<void> {
    const recordDir = recordDirOf(this.dataDir);
    const recording = recordDir === undefined ? {} : { MILLRACE_RECORD_DIR: recordDir };
    const child = spawn(
      process.execPath,
      [
        path.join(rootDir, 'scripts/local/main.ts'),
        ...['--no-example', '--json', '--data', this.dataDir],
        ...['--port', new URL(this.url).port, '--aws-port', String(this.#awsPort)],
      ],
      {
        cwd: rootDir,
        env: { ...process.env, ...this.#environment, ...recording },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.#process = child;
    await ready(child);
  }

  /** Ends it as Ctrl-C does. Rejects when it does not end by itself, or not well. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (!child) return;
    this.#process = undefined;
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit', { signal: AbortSignal.timeout(maxStopMs) });
    if (code !== 0)
      throw new Error(`The platform ended with exit code ${code}; its log is in ${this.dataDir}.`);
  }

  /** Ends it as a power cut does. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child) return;
    this.#process = undefined;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Ends it and drops what it kept. */
  async close(): Promise<void> {
    await this.stop();
    if (this.#awsPort !== 0) keepRun(this.dataDir, { name: testFile(), templates: 'local' });
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /** The API by its contracts, as a local identity where one is named. */
  as(identity?: string): ApiClient {
    return createClient({
      platformUrl: this.url,
      predictionUrl: predictionUrl(this.url),
      ...(token ? { token } : {}),
      ...(identity ? { actAs: identity } : {}),
    });
  }

  /** Sends a body as it is to an endpoint, right or wrong; for requests that no client makes. */
  async request(
    { method, path: template, api }: EndpointDefinition,
    params: Readonly<Record<string, string>>,
    { text, contentType = 'application/json' }: { text?: string; contentType?: string } = {},
  ): Promise<{ status: number; problem: Problem }> {
    const base = api === 'prediction' ? predictionUrl(this.url) : this.url;
    const address = template.replaceAll(/\{(\w+)\}/g, (_all, name: string) => params[name] ?? '');
    const answer = await fetch(`${base}${address}`, {
      method,
      headers: { 'content-type': contentType, ...(token ? { authorization: `Bearer ${token}` } : {}) },
      ...(text === undefined ? {} : { body: text }),
    });
    return { status: answer.status, problem: (await answer.json()) as Problem };
  }

  /** Client configuration for any SDK, as the person at the keyboard; laptop only. */
  get aws() {
    const { awsUrl, region, credentials } = this.#endpoints;
    return { endpoint: awsUrl, region, credentials };
  }

  /** Name of the bucket that uploads go to; laptop only. */
  get uploadsBucket(): string {
    return this.#endpoints.buckets['uploads'] ?? '';
  }

  /** Runs `millrace <args>` to its end. */
  async command(...args: string[]): Promise<CommandEnd> {
    const child = spawn(process.execPath, [path.join(rootDir, 'scripts/cli/bin.mjs'), ...args], {
      env: { ...process.env, NO_COLOR: '1', MILLRACE_URL: this.url },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr] = [collect(child, 'stdout'), collect(child, 'stderr')];
    const [code] = await once(child, 'close');
    return { code: code as number | null, stdout: stdout.text, stderr: stderr.text };
  }

  get #endpoints(): Endpoints {
    return JSON.parse(readFileSync(path.join(this.dataDir, 'endpoints.json'), 'utf8')) as Endpoints;
  }
}

function collect(child: ChildProcess, stream: 'stdout' | 'stderr'): { text: string } {
  const collected = { text: '' };
  child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
    collected.text += chunk;
  });
  return collected;
}

/** Resolves with the line that says `ready`; rejects, with what was said instead, when the process ends or takes too long. */
async function ready(child: ChildProcess): Promise<void> {
  const [stdout, stderr] = [collect(child, 'stdout'), collect(child, 'stderr')];
  const giveUp = AbortSignal.timeout(maxStartMs);
  const told = new Promise<void>((resolve) => {
    child.stdout?.on('data', () => {
      if (stdout.text.includes('"event":"ready"')) resolve();
    });
  });
  const ended = once(child, 'exit', { signal: giveUp }).then(([code]) => {
    throw new Error(`it ended with exit code ${code}`);
  });
  try {
    await Promise.race([told, ended]);
  } catch (cause) {
    const output = `${stdout.text}\n${stderr.text}`.slice(-keptOutputLength);
    throw new Error(`The laptop platform did not get ready within ${maxStartMs / 1000} s:\n${output}`, {
      cause,
    });
  }
  ended.catch(() => undefined);
}
