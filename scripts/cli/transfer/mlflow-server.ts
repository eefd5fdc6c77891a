import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliFailure, exitCodes } from '../failure.ts';

/** Statuses after which MLflow's clients ask again. */
const passingStatuses = new Set([408, 429, 500, 502, 503, 504]);
const maxAttempts = 6;
const requestTimeoutMs = 120_000;
const transferTimeoutMs = 3_600_000;

/** A request that a server refused, with MLflow's error code. */
export class MlflowRefusal extends Error {
  readonly status: number;
  readonly errorCode: string;

  constructor(what: string, status: number, text: string) {
    const { error_code: errorCode = '', message = text.slice(0, 300) } = errorOf(text);
    super(`${what} answers ${status} ${errorCode}: ${message}`);
    this.name = 'MlflowRefusal';
    this.status = status;
    this.errorCode = errorCode;
  }
}

export type Message = Readonly<Record<string, unknown>>;

/** A server that speaks MLflow's REST API. */
export class MlflowServer {
  readonly url: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.url = url.replace(/\/+$/, '');
    this.#headers = headers;
  }

  /** Reads `/api/2.0/mlflow/<path>`. Throws MlflowRefusal. */
  get<Answer>(path: string, query: Readonly<Record<string, string | number>> = {}): Promise<Answer> {
    const text = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
    return this.#json(`/api/2.0/mlflow/${path}${text.size > 0 ? `?${text}` : ''}`, { method: 'GET' });
  }

  /** Sends a message to `/api/2.0/mlflow/<path>`. Throws MlflowRefusal. */
  send<Answer>(method: 'POST' | 'PATCH' | 'DELETE', path: string, message: Message): Promise<Answer> {
    return this.#json(`/api/2.0/mlflow/${path}`, jsonRequest(method, message));
  }

  /** Asks any address of the server for JSON. Throws MlflowRefusal. */
  ask<Answer>(method: 'GET' | 'POST', path: string, message?: Message): Promise<Answer> {
    return this.#json(path, message ? jsonRequest(method, message) : { method });
  }

  /** All items of a list that comes in pages. */
  async *pages<Item>(ask: (pageToken: string | undefined) => Promise<Page<Item>>): AsyncGenerator<Item> {
    let pageToken: string | undefined;
    do {
      const page = await ask(pageToken);
      yield* page.items;
      pageToken = page.pageToken === '' ? undefined : page.pageToken;
    } while (pageToken !== undefined);
  }

  /** Streams what an address of the server answers to a file. Throws MlflowRefusal. */
  async download(path: string, file: string): Promise<void> {
    const response = await this.#fetch(path, { method: 'GET' }, transferTimeoutMs);
    const body = response.body as ReadableStream | null;
    await pipeline(body === null ? Readable.from([]) : Readable.fromWeb(body), createWriteStream(file));
  }

  /** Streams a file, or a part of it, to an address: of the server, or one that it presigned. Answers the ETag. Throws MlflowRefusal. */
  async upload(address: string, file: string, part?: { start: number; end: number }): Promise<string> {
    const isOwn = address.startsWith('/');
    const length = part ? part.end - part.start : (await stat(file)).size;
    const stream = createReadStream(file, part ? { start: part.start, end: Math.max(part.end - 1, 0) } : {});
    const response = await fetch(isOwn ? this.url + address : address, {
      method: 'PUT',
      headers: {
        ...(isOwn ? { ...this.#headers, 'content-type': 'application/octet-stream' } : {}),
        'content-length': String(length),
      },
      ...(length === 0
        ? { body: new Uint8Array() }
        : { body: Readable.toWeb(stream) as never, duplex: 'half' }),
      signal: AbortSignal.timeout(transferTimeoutMs),
    } as RequestInit);
    if (!response.ok)
      throw new MlflowRefusal(`PUT ${shortened(address)}`, response.status, await response.text());
    return response.headers.get('etag') ?? '';
  }

  async #json<Answer>(path: string, request: RequestInit): Promise<Answer> {
    const text = await (await this.#fetch(path, request, requestTimeoutMs)).text();
    return (text === '' ? {} : JSON.parse(text)) as Answer;
  }

  async #fetch(path: string, request: RequestInit, timeoutMs: number): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      const response = await this.#once(path, request, timeoutMs);
      if (response.ok) return response;
      if (!passingStatuses.has(response.status) || attempt === maxAttempts) {
        throw new MlflowRefusal(
          `${request.method} ${shortened(path)}`,
          response.status,
          await response.text(),
        );
      }
      const askedSeconds = Number(response.headers.get('retry-after'));
      await response.body?.cancel();
      await sleep(askedSeconds > 0 ? askedSeconds * 1000 : Math.random() * 250 * 2 ** attempt);
    }
  }

  async #once(path: string, request: RequestInit, timeoutMs: number): Promise<Response> {
    try {
      return await fetch(this.url + path, {
        ...request,
        headers: { ...request.headers, ...this.#headers },
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (cause) {
      throw new CliFailure(
        exitCodes.unreachable,
        `${this.url} does not answer: ${cause instanceof Error ? cause.message : String(cause)}. The same command again goes on where it stopped.`,
      );
    }
  }
}

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly pageToken: string | undefined;
}

const jsonRequest = (method: string, message: Message): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(message),
});

const shortened = (address: string): string => address.split('?')[0]!.slice(0, 200);

function errorOf(text: string): { error_code?: string; message?: string } {
  try {
    return JSON.parse(text) as { error_code?: string; message?: string };
  } catch {
    return {};
  }
}
