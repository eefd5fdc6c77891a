import type { Credentials } from './credentials.ts';
import {
  type AnswerOf,
  addresses,
  type BodyOf,
  type OperationId,
  type ParamsOf,
  type QueryOf,
} from './operations.ts';

/** An answer that is not the one asked for, in words that the platform chose. Status 0: no answer at all. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly violations: readonly { readonly path: string; readonly message: string }[];

  constructor(status: number, code: string, message: string, violations: ApiFailure['violations'] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.violations = violations;
  }
}

export interface CallInput<Id extends OperationId> {
  readonly params: ParamsOf<Id>;
  readonly query?: QueryOf<Id>;
  readonly body?: BodyOf<Id>;
  readonly signal?: AbortSignal;
}

/** A request for an address that none of our contracts declares, such as MLflow's. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query. */
  readonly address: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** `manual`: an answer that leads elsewhere is not followed. It tells nothing but its type, `opaqueredirect`. */
  readonly redirect?: 'manual';
}

/** Calls the platform's API. Throws ApiFailure. */
export interface ApiClient {
  call<Id extends OperationId>(operation: Id, input: CallInput<Id>): Promise<AnswerOf<Id>>;
  /** Answers of 2xx only, and those that lead elsewhere. */
  send(request: HttpRequest): Promise<Response>;
}

export interface ClientOptions {
  readonly fetch: (address: string, init: RequestInit) => Promise<Response>;
  readonly credentials: Credentials;
  /** Told of each 401 and 403, before the call fails. */
  readonly onRefused: (failure: ApiFailure) => void;
}

export function createClient({ fetch, credentials, onRefused }: ClientOptions): ApiClient {
  const send = async ({ method, address, body, signal, redirect }: HttpRequest): Promise<Response> => {
    const response = await answerTo(fetch, address, {
      method,
      headers: headersOf(credentials, body !== undefined),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
      ...(redirect ? { redirect } : {}),
    });
    if (response.ok || response.type === 'opaqueredirect') return response;
    const failure = failureOf(response.status, await response.text());
    if (failure.status === 401 || failure.status === 403) onRefused(failure);
    throw failure;
  };
  return {
    send,
    async call(operation, { params, query, ...rest }) {
      const [method, path] = addresses[operation].split(' ') as [string, string];
      const response = await send({ method, address: `${filled(path, params)}${queryText(query)}`, ...rest });
      return response.json();
    },
  };
}

function headersOf({ token, actAs }: Credentials, hasBody: boolean): Record<string, string> {
  return {
    accept: 'application/json',
    ...(hasBody ? { 'content-type': 'application/json' } : {}),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(actAs ? { 'x-millrace-as': actAs } : {}),
  };
}

function filled(path: string, params: object): string {
  const values = params as Record<string, unknown>;
  return path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String(values[name])));
}

function queryText(query: object | undefined): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

async function answerTo(
  fetch: ClientOptions['fetch'],
  address: string,
  init: RequestInit,
): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiFailure(
      0,
      'Unreachable',
      'The platform does not answer. Is it running, and is this machine online?',
    );
  }
}

function failureOf(status: number, text: string): ApiFailure {
  const problem = problemIn(text);
  const message = problem.detail ?? problem.message ?? `The platform answered ${status}.`;
  return new ApiFailure(status, problem.code ?? problem.error_code ?? '', message, problem.violations);
}

interface Problem {
  readonly detail?: string;
  readonly message?: string;
  readonly code?: string;
  readonly error_code?: string;
  readonly violations?: ApiFailure['violations'];
}

/** Problem documents of services, MLflow's errors, `{ message }` of API Gateway, and anything at all from what stands between. */
function problemIn(text: string): Problem {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return {};
  }
}
