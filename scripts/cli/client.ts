import type * as z from 'zod';
import type { EndpointDefinition } from '#shared/contracts/endpoint.ts';
import type { Connection } from './connection.ts';
import { CliFailure, exitCodes } from './failure.ts';

/** A request that the platform did not answer within this is given up. */
const timeoutMs = 35_000;

interface Problem {
  readonly detail?: string;
  readonly message?: string;
  readonly code?: string;
  readonly requestId?: string;
  readonly violations?: readonly { path: string; message: string; line?: number; column?: number }[];
}

export interface CallInput<Endpoint extends EndpointDefinition> {
  readonly params: z.input<Endpoint['params']>;
  readonly query?: z.input<Endpoint['query']>;
  readonly body?: z.input<Endpoint['body']>;
}

/** Calls endpoints of the native API by their contracts. */
export interface ApiClient {
  readonly connection: Connection;
  call<Endpoint extends EndpointDefinition>(
    endpoint: Endpoint,
    input: CallInput<Endpoint>,
  ): Promise<z.output<Endpoint['response']>>;
}

/** Errors of the platform become CliFailure with its own message; no answer becomes one that names the address. */
export function createClient(connection: Connection): ApiClient {
  return {
    connection,
    async call<Endpoint extends EndpointDefinition>(endpoint: Endpoint, input: CallInput<Endpoint>) {
      const url = addressOf(connection, endpoint, input);
      const body =
        input.body === undefined
          ? {}
          : { body: endpoint.rawBody ? String(input.body) : JSON.stringify(input.body) };
      const response = await send(url, {
        method: endpoint.method,
        headers: headersOf(connection, endpoint),
        ...body,
      });
      const text = await response.text();
      if (!response.ok) throw refusal(response.status, text);
      return JSON.parse(text) as z.output<Endpoint['response']>;
    },
  };
}

function addressOf(
  connection: Connection,
  endpoint: EndpointDefinition,
  input: { params: unknown; query?: unknown },
): URL {
  const params = input.params as Record<string, unknown>;
  const path = endpoint.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  const url = new URL(
    `${endpoint.api === 'prediction' ? connection.predictionUrl : connection.platformUrl}${path}`,
  );
  for (const [name, value] of Object.entries((input.query ?? {}) as Record<string, unknown>)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

function headersOf(connection: Connection, endpoint: EndpointDefinition): Record<string, string> {
  return {
    accept: 'application/json',
    ...(endpoint.method === 'GET'
      ? {}
      : { 'content-type': endpoint.rawBody ? 'text/plain' : 'application/json' }),
    ...identityHeaders(connection),
  };
}

/** Headers that say who asks. */
export function identityHeaders({ token, actAs }: Connection): Record<string, string> {
  return {
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(actAs ? { 'x-millrace-as': actAs } : {}),
  };
}

/** fetch with a time limit; a platform that cannot be reached is named. */
export async function send(url: URL | string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
  } catch (cause) {
    const reason =
      cause instanceof Error && cause.name === 'TimeoutError'
        ? `did not answer within ${timeoutMs / 1000} s`
        : 'cannot be reached';
    throw new CliFailure(
      exitCodes.unreachable,
      `${new URL(url).origin} ${reason}. Is the platform running (\`npm start\`), and is the address right?`,
    );
  }
}

function refusal(status: number, text: string): CliFailure {
  let problem: Problem;
  try {
    problem = JSON.parse(text) as Problem;
  } catch {
    problem = { detail: text.slice(0, 500) };
  }
  const message = problem.detail ?? problem.message ?? `The platform answered ${status}.`;
  const places = (problem.violations ?? []).map(
    (violation) =>
      `${violation.line ? `line ${violation.line}${violation.column ? `, column ${violation.column}` : ''}: ` : ''}${violation.path}: ${violation.message}`,
  );
  const named = problem.code ? `${problem.code}: ${message}` : message;
  return new CliFailure(
    status >= 500 ? exitCodes.unreachable : exitCodes.refused,
    named,
    message.includes('\n') ? [] : places,
  );
}
