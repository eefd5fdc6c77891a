import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { FunctionConfig } from './function-config.ts';
import { finishLines, startLine } from './platform-log.ts';
import { type Invocation, maxResponseBytes, type Outcome, type RuntimeApi } from './runtime-api.ts';

/** How long a process may take until it asks for its first invocation, as in AWS, on top of the function's own timeout. */
const initTimeoutMs = 10_000;
/**
 * Of V8's young generation, which has three of them; Node takes 16. A dozen sandboxes wait at a time, and each keeps what it once had:
 * a third of the memory for about a tenth more work where much garbage is made.
 */
const semiSpaceMb = 4;
const bootstrapFile = fileURLToPath(new URL('./bootstrap.ts', import.meta.url));

/** What a sandbox needs of its surroundings. */
export interface SandboxHost {
  readonly runtimeApi: RuntimeApi;
  /** Folder for the sandboxes' temporary folders. */
  readonly temporaryFolder: string;
  /** The whole environment of the process, less what the sandbox itself adds. */
  environment(config: FunctionConfig, logStreamName: string): Record<string, string>;
  log(config: FunctionConfig, logStreamName: string, line: string): void;
  now(): number;
}

interface Running {
  readonly invocation: Invocation;
  readonly settle: (body: Buffer, failed: boolean) => void;
  readonly giveBack: () => void;
  startedAtMs: number;
  delivered: boolean;
}

/**
 * One Node process that runs one invocation of one function at a time. It starts at once; the first invocation waits for it.
 * A process that exits, crashes or overruns its time fails the invocation as AWS words it, and the sandbox is dead.
 */
export class Sandbox {
  readonly config: FunctionConfig;
  readonly logStreamName: string;
  #dead = false;
  lastUsedMs: number;
  readonly #host: SandboxHost;
  readonly #token = randomUUID();
  readonly #process: ChildProcess;
  readonly #exited = Promise.withResolvers<void>();
  readonly #temporaryFolder: string;
  readonly #startedAtMs: number;
  #initDurationMs: number | undefined;
  #deliver: ((invocation: Invocation, deadlineMs: number) => void) | undefined;
  #running: Running | undefined;
  #timer: NodeJS.Timeout | undefined;
  #initError: Buffer | undefined;
  #rssBytes = 0;

  constructor(host: SandboxHost, config: FunctionConfig) {
    this.#host = host;
    this.config = config;
    this.#startedAtMs = host.now();
    this.lastUsedMs = this.#startedAtMs;
    const day = new Date(this.#startedAtMs).toISOString().slice(0, 10).replaceAll('-', '/');
    this.logStreamName = `${day}/[${config.version}]${this.#token.replaceAll('-', '')}`;
    this.#temporaryFolder = path.join(host.temporaryFolder, this.#token);
    mkdirSync(this.#temporaryFolder, { recursive: true });
    this.#process = this.#spawn(host.runtimeApi.attach(this.#token, this));
  }

  get dead(): boolean {
    return this.#dead;
  }

  /**
   * Runs an invocation, one at a time; resolves also when it fails. `undelivered`: the process, used before, had ended
   * before it could take the invocation, so another sandbox may run it.
   */
  run(invocation: Invocation): Promise<Outcome | 'undelivered'> {
    return new Promise((resolve) => {
      const cold = this.#initDurationMs === undefined;
      const settle = (body: Buffer, failed: boolean) => {
        clearTimeout(this.#timer);
        const endedAtMs = this.#host.now();
        const durationMs = Math.max(0, endedAtMs - (this.#running?.startedAtMs ?? endedAtMs));
        this.#running = undefined;
        this.lastUsedMs = endedAtMs;
        const outcome = {
          body,
          failed,
          durationMs,
          maxMemoryUsedBytes: this.#rssBytes,
          ...(cold && this.#initDurationMs !== undefined && { initDurationMs: this.#initDurationMs }),
        };
        for (const line of finishLines(this.config, invocation.requestId, outcome, endedAtMs))
          this.#log(line);
        resolve(outcome);
      };
      const giveBack = () => {
        clearTimeout(this.#timer);
        this.#running = undefined;
        resolve('undelivered');
      };
      this.#running = { invocation, settle, giveBack, startedAtMs: this.#host.now(), delivered: false };
      if (this.#dead) return giveBack();
      if (this.#deliver !== undefined) return this.#start();
      this.#timer = setTimeout(() => this.#timeOut(), initTimeoutMs + this.config.timeoutSeconds * 1000);
    });
  }

  /** Kills the process; a running invocation fails with Runtime.ExitError. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }

  /** Resolves when the process is gone and its temporary folder removed. */
  get exited(): Promise<void> {
    return this.#exited.promise;
  }

  onNext(deliver: (invocation: Invocation, deadlineMs: number) => void): void {
    this.#initDurationMs ??= this.#host.now() - this.#startedAtMs;
    this.#deliver = deliver;
    if (this.#running !== undefined) this.#start();
  }

  onResponse(requestId: string, body: Buffer): void {
    if (this.#running?.invocation.requestId !== requestId) return;
    if (body.length > maxResponseBytes) {
      const message = `Response payload size exceeded maximum allowed payload size (${maxResponseBytes} bytes).`;
      this.#settleError('Function.ResponseSizeTooLarge', message);
    } else {
      this.#running.settle(body, false);
    }
  }

  onError(requestId: string, body: Buffer): void {
    if (this.#running?.invocation.requestId === requestId) this.#running.settle(body, true);
  }

  onInitError(body: Buffer): void {
    this.#initError = body;
  }

  onMemory(rssBytes: number): void {
    this.#rssBytes = Math.max(this.#rssBytes, rssBytes);
  }

  #start(): void {
    const deliver = this.#deliver;
    if (this.#running === undefined || deliver === undefined) return;
    this.#deliver = undefined;
    clearTimeout(this.#timer);
    this.#running.startedAtMs = this.#host.now();
    this.#running.delivered = true;
    this.#timer = setTimeout(() => this.#timeOut(), this.config.timeoutSeconds * 1000);
    this.#log(startLine(this.config, this.#running.invocation, this.#running.startedAtMs));
    deliver(this.#running.invocation, this.#running.startedAtMs + this.config.timeoutSeconds * 1000);
  }

  #timeOut(): void {
    this.#dead = true;
    this.kill();
    this.#fail('Sandbox.Timedout', `Task timed out after ${this.config.timeoutSeconds.toFixed(2)} seconds`);
  }

  #fail(errorType: string, reason: string): void {
    this.#settleError(errorType, `RequestId: ${this.#running?.invocation.requestId} Error: ${reason}`);
  }

  #settleError(errorType: string, errorMessage: string): void {
    this.#running?.settle(Buffer.from(JSON.stringify({ errorType, errorMessage })), true);
  }

  #spawn(runtimeApiAddress: string): ChildProcess {
    // V8 also needs room for its young generation and its own code; AWS leaves about a tenth, too.
    const oldSpaceMb = Math.floor(this.config.memorySizeMb * 0.9);
    const flags = [`--max-old-space-size=${oldSpaceMb}`, `--max-semi-space-size=${semiSpaceMb}`];
    const child = spawn(process.execPath, [...flags, bootstrapFile], {
      cwd: this.config.codePath,
      env: {
        ...this.#host.environment(this.config, this.logStreamName),
        AWS_LAMBDA_RUNTIME_API: runtimeApiAddress,
        TMPDIR: this.#temporaryFolder,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C at the terminal reaches the whole process group; the pool, not the terminal, ends what is under way.
      detached: true,
      windowsHide: true,
    });
    this.#follow(child.stdout);
    this.#follow(child.stderr);
    child.once('error', (error) => this.#onExit(`failed to start: ${error.message}`));
    child.once('exit', (code, signal) => this.#onExit(exitReason(code, signal)));
    return child;
  }

  #follow(output: Readable): void {
    createInterface({ input: output, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) =>
      this.#log(line),
    );
  }

  #log(line: string): void {
    this.#host.log(this.config, this.logStreamName, line);
  }

  #onExit(reason: string): void {
    this.#dead = true;
    this.#host.runtimeApi.detach(this.#token);
    rmSync(this.#temporaryFolder, { recursive: true, force: true });
    this.#exited.resolve();
    if (this.#running === undefined) return;
    if (this.#initError !== undefined) this.#running.settle(this.#initError, true);
    else if (this.#running.delivered || this.#initDurationMs === undefined) {
      this.#fail('Runtime.ExitError', reason);
    } else this.#running.giveBack();
  }
}

/** How AWS words the end of a runtime process. */
export function exitReason(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGKILL') return 'Runtime exited with error: signal: killed';
  if (signal === 'SIGABRT') return 'Runtime exited with error: signal: aborted';
  if (signal !== null) return `Runtime exited with error: signal: ${signal}`;
  return code === 0
    ? 'Runtime exited without providing a reason'
    : `Runtime exited with error: exit status ${code}`;
}
