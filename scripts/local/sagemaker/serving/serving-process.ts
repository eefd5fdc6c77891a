import { Agent, request as httpRequest } from 'node:http';
import type { RunningProgram } from '../child-process.ts';
import { startProgram } from '../child-process.ts';

const STARTUP_MS = 30_000;
const STOP_GRACE_MS = 5_000;
const LISTENING = /Listening at: http:\/\/127\.0\.0\.1:(\d+)/;

/** Answer of a serving container. */
export interface ContainerAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** The container did not answer in the time it had. */
export class InvocationTimeout extends Error {
  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs / 1000} seconds`);
    this.name = 'InvocationTimeout';
  }
}

/** A `serve` program that answers on loopback. */
export class ServingProcess {
  readonly #program: RunningProgram;
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true });

  private constructor(program: RunningProgram, port: number) {
    this.#program = program;
    this.#port = port;
  }

  /**
   * Starts the program and waits until `/ping` says 200.
   * @param root folder that stands for `/opt/ml`; the model lies in `model/` below it.
   * @throws Error with the program's last line when it ends or does not become healthy within 30 seconds.
   */
  static async start(
    file: string,
    root: string,
    environment: Readonly<Record<string, string>>,
    onLine: (line: string) => void,
  ): Promise<ServingProcess> {
    let lastLine = 'the program ended without a word';
    let announce: (port: number) => void = () => undefined;
    const announced = new Promise<number>((resolve) => {
      announce = resolve;
    });
    const program = startProgram(
      file,
      { ...environment, SM_LOCAL_ROOT: root, SAGEMAKER_BIND_TO_PORT: '0' },
      (line) => {
        lastLine = line;
        onLine(line);
        const port = LISTENING.exec(line)?.[1];
        if (port !== undefined) announce(Number(port));
      },
    );
    const timer = setTimeout(() => void program.stop(0), STARTUP_MS);
    const port = await Promise.race([announced, program.exited]);
    clearTimeout(timer);
    if (typeof port !== 'number') throw new Error(lastLine);
    const serving = new ServingProcess(program, port);
    try {
      const ping = await serving.#send('GET', '/ping', {}, Buffer.alloc(0), STARTUP_MS);
      if (ping.status === 200) return serving;
      throw new Error(`/ping answered ${ping.status}`);
    } catch (error) {
      await serving.stop();
      throw error;
    }
  }

  /** Resolves when the program is gone, for whatever reason. */
  get exited(): Promise<unknown> {
    return this.#program.exited;
  }

  /** @throws InvocationTimeout, or Error when the program dies before it answers. */
  async invoke(
    body: Buffer,
    headers: Readonly<Record<string, string>>,
    timeoutMs: number,
  ): Promise<ContainerAnswer> {
    return await this.#send('POST', '/invocations', headers, body, timeoutMs);
  }

  async stop(): Promise<void> {
    await this.#program.stop(STOP_GRACE_MS);
    this.#agent.destroy();
  }

  #send(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Buffer,
    timeoutMs: number,
  ): Promise<ContainerAnswer> {
    return new Promise((resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        port: this.#port,
        method,
        path,
        agent: this.#agent,
        headers: { ...headers, 'content-length': body.length },
      };
      const timer = setTimeout(() => request.destroy(new InvocationTimeout(timeoutMs)), timeoutMs);
      const fail = (error: Error): void => {
        clearTimeout(timer);
        reject(error);
      };
      const request = httpRequest(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', fail);
        response.on('end', () => {
          clearTimeout(timer);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          });
        });
      });
      request.on('error', fail);
      request.end(body);
    });
  }
}
