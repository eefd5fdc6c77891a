/**
 * The program of a sandbox: a client of the Lambda Runtime API that loads the handler once and then runs one invocation after
 * another. It imports nothing of the repository, so that a sandbox starts quickly and shares no state with the runtime.
 * Interface: "Using the Lambda runtime API for custom runtimes", AWS Lambda Developer Guide.
 */
import { existsSync } from 'node:fs';
import type http from 'node:http';
import module from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

type Handler = (event: unknown, context: object) => unknown;
interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

const { Agent, request: sendRequest } = requireHttp();
const apiUrl = `http://${process.env['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime`;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let currentRequestId: string | undefined;

/**
 * node:http without what makes its import slow: an `import` of it, here or in the SDK, reads every property, and these three load the
 * whole of undici, a third of a cold start's work. On AWS the SDK speaks HTTPS and does not import it.
 */
function requireHttp(): typeof http {
  const loaded = module.createRequire(import.meta.url)('node:http') as typeof http;
  for (const name of ['WebSocket', 'CloseEvent', 'MessageEvent']) {
    Object.defineProperty(loaded, name, { value: undefined, configurable: true, enumerable: true });
  }
  return loaded;
}

function call(
  method: 'GET' | 'POST',
  resource: string,
  body?: string,
  { via = agent, ownHeaders = {} }: { via?: http.Agent; ownHeaders?: http.OutgoingHttpHeaders } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { ...ownHeaders, 'x-millrace-rss-bytes': process.memoryUsage.rss() };
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const options = { method, agent: via, headers: { ...headers, ...length } };
    const request = sendRequest(`${apiUrl}${resource}`, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

function describe(error: unknown): { errorType: string; errorMessage: string; trace: string[] } {
  if (error instanceof Error) {
    return {
      errorType: error.name,
      errorMessage: error.message,
      trace: error.stack?.split('\n') ?? [],
    };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

async function loadHandler(): Promise<Handler> {
  const [moduleName = '', exportName = ''] = (process.env['_HANDLER'] ?? '').split('.');
  const root = process.env['LAMBDA_TASK_ROOT'] ?? process.cwd();
  const file = ['.mjs', '.js', '.cjs']
    .map((extension) => path.join(root, `${moduleName}${extension}`))
    .find((candidate) => existsSync(candidate));
  if (file === undefined)
    throw named('Runtime.ImportModuleError', `Error: Cannot find module '${moduleName}'`);
  const loaded = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  const handler =
    loaded[exportName] ?? (loaded['default'] as Record<string, unknown> | undefined)?.[exportName];
  if (handler === undefined) {
    throw named('Runtime.HandlerNotFound', `${process.env['_HANDLER']} is undefined or not exported`);
  }
  if (typeof handler !== 'function') {
    throw named('Runtime.HandlerNotFound', `${process.env['_HANDLER']} is not a function`);
  }
  return handler as Handler;
}

function contextOf(headers: http.IncomingHttpHeaders, requestId: string): object {
  const deadlineMs = Number(headers['lambda-runtime-deadline-ms']);
  const clientContext = headers['lambda-runtime-client-context'];
  return {
    awsRequestId: requestId,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'],
    functionVersion: process.env['AWS_LAMBDA_FUNCTION_VERSION'],
    memoryLimitInMB: process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
    callbackWaitsForEmptyEventLoop: true,
    ...(typeof clientContext === 'string' && { clientContext: JSON.parse(clientContext) }),
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
}

/** Runs an invocation and answers the next one, which the runtime API hands over in answer to the result. */
async function runOne(handler: Handler, next: Answer): Promise<Answer> {
  const requestId = String(next.headers['lambda-runtime-aws-request-id']);
  process.env['_X_AMZN_TRACE_ID'] = String(next.headers['lambda-runtime-trace-id'] ?? '');
  currentRequestId = requestId;
  let resource = `/invocation/${requestId}/response`;
  let body: string;
  try {
    const result = await handler(JSON.parse(next.body), contextOf(next.headers, requestId));
    body = serialize(result);
  } catch (error) {
    resource = `/invocation/${requestId}/error`;
    body = JSON.stringify(describe(error));
    console.error(`Invoke Error\t${body}`);
  }
  currentRequestId = undefined;
  return call('POST', resource, body, { ownHeaders: { 'x-millrace-takes-next': 'true' } });
}

function serialize(result: unknown): string {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch (error) {
    throw named('Runtime.MarshalError', `Unable to stringify response body: ${String(error)}`);
  }
}

/** Reports an error that no handler caught, as AWS does, and ends the sandbox. */
function dieOf(error: unknown, errorType: string, exitCode: number): void {
  const description = { ...describe(error), errorType };
  console.error(`${errorType}\t${JSON.stringify(description)}`);
  if (currentRequestId === undefined) process.exit(exitCode);
  const resource = `/invocation/${currentRequestId}/error`;
  const done = () => process.exit(exitCode);
  call('POST', resource, JSON.stringify(description), { via: new Agent() }).then(done, done);
}

process.on('uncaughtException', (error) =>
  dieOf(error, error instanceof Error ? error.name : 'Runtime.UncaughtException', 129),
);
process.on('unhandledRejection', (reason) => dieOf(reason, 'Runtime.UnhandledPromiseRejection', 128));

let handler: Handler;
try {
  handler = await loadHandler();
} catch (error) {
  const description = describe(error);
  console.error(`Init Error\t${JSON.stringify(description)}`);
  await call('POST', '/init/error', JSON.stringify(description));
  process.exit(1);
}
// A sandbox is killed, not ended, so the compile cache is written while it waits and not at exit. Node 20 has none.
setTimeout(() => module.flushCompileCache?.(), 500).unref();
// The runtime API goes away with the laptop runtime; a sandbox has nothing left to do then.
const orEnd = (answer: Promise<Answer>): Promise<Answer> => answer.catch(() => process.exit(0));
let next = await orEnd(call('GET', '/invocation/next'));
for (;;) next = await orEnd(runOne(handler, next));
