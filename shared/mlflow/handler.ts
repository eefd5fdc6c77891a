import middy from '@middy/core';
import type {
  APIGatewayEventRequestContextV2,
  APIGatewayProxyEventV2WithRequestContext,
  Context,
} from 'aws-lambda';
import findMyWay from 'find-my-way';
import type * as z from 'zod';
import { type Caller, callerSchema } from '#shared/contracts/caller.ts';
import { type IamGrants, iamCaller } from '#shared/contracts/iam-grants.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { parseJsonBody } from '#shared/lambda/request-body.ts';
import { logger } from '#shared/telemetry/logger.ts';
import { mlflowErrorOf, parseMessage } from './errors.ts';
import { rawBodyOf } from './raw-body.ts';
import { addressesOf, type MlflowRoute } from './route.ts';

/** Of a route behind the authorizer, or of one that API Gateway lets signed requests through to. */
export type MlflowEvent = APIGatewayProxyEventV2WithRequestContext<
  APIGatewayEventRequestContextV2 & {
    readonly authorizer?: {
      readonly lambda?: { readonly identity?: string };
      readonly iam?: { readonly userArn: string };
    };
  }
>;

/** What API Gateway is answered. */
export interface MlflowResult {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** A parsed request of one route. */
export interface MlflowCall<Message> {
  readonly message: Message;
  readonly caller: Caller;
  readonly requestId: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body of a route with `rawBody`; empty for others. */
  readonly rawBody: Buffer;
}

/** An answer that is no JSON message: bytes, a text, or a redirection. */
export class RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;

  constructor(status: number, headers: Readonly<Record<string, string>>, body: Buffer | string = '') {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

/** A route with what answers it. */
export interface BoundMlflowRoute {
  readonly route: MlflowRoute;
  readonly respond: (call: MlflowCall<unknown>) => Promise<object>;
}

/** What stands before all routes, by the settings of the stage. */
export interface MlflowEdge {
  /** Absent: nobody signs with keys of AWS. */
  readonly iamGrants?: IamGrants | undefined;
  /** Counts requests by who makes them; see rate-limit/caller-limits.ts. */
  readonly limits?: { admit(callerId: string): Promise<void> };
}

/** Binds a route to its use case; the answer is the response message as it travels, or a RawAnswer. */
export function bindMlflow<Message extends z.ZodType>(
  route: MlflowRoute<Message>,
  respond: (call: MlflowCall<z.output<Message>>) => Promise<object>,
): BoundMlflowRoute {
  return { route, respond: respond as BoundMlflowRoute['respond'] };
}

/**
 * The function behind MLflow's REST API of one service: finds the route by method and path, parses query string and body as one
 * message, and renders answers and errors as MLflow's server does.
 */
export function mlflowHandler(routes: readonly BoundMlflowRoute[], edge: MlflowEdge) {
  const router = findMyWay({ caseSensitive: true, ignoreTrailingSlash: true, maxParamLength: 8192 });
  for (const bound of routes) {
    const names = [...bound.route.path.matchAll(/\{(\w+)\+?\}/g)].map(([, name]) => name!);
    for (const address of addressesOf(bound.route))
      router.on(bound.route.method, routerPath(address), () => undefined, { bound, names });
  }
  const answer = async (event: MlflowEvent, context: Context): Promise<MlflowResult> => {
    const { method } = event.requestContext.http;
    const path = withoutMount(event.rawPath);
    const found = router.find(method as 'GET', encodeURI(path).replaceAll(/[?#]/g, encodeURIComponent));
    if (!found) throw routeNotFound(method, path);
    const { bound, names } = found.store as { bound: BoundMlflowRoute; names: readonly string[] };
    logger.resetKeys();
    logger.appendKeys({ requestId: context.awsRequestId, route: bound.route.name });
    const values = Object.values(found.params);
    const parameters = Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
    const caller = bound.route.role === 'public' ? nobody : callerOf(event, edge);
    if (caller !== nobody) await edge.limits?.admit(caller.id);
    return jsonOrRaw(await respond(bound, caller, event, parameters, context.awsRequestId));
  };
  return middy<MlflowEvent, MlflowResult>()
    .use({
      onError: (request) => {
        const { status, body } = mlflowErrorOf(request.error, request.context.awsRequestId);
        if (status >= 500) logger.error('The request failed.', request.error as Error);
        else logger.info('The request was refused.', { errorCode: body.error_code, detail: body.message });
        request.response = jsonResult(status, body, retryHeaders(request.error));
      },
    })
    .handler(answer);
}

async function respond(
  { route, respond: run }: BoundMlflowRoute,
  caller: Caller,
  event: MlflowEvent,
  parameters: Readonly<Record<string, string>>,
  requestId: string,
): Promise<object> {
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (body.byteLength > route.maxBodyBytes) throw bodyTooLarge(body.byteLength, route.maxBodyBytes);
  const sent = route.rawBody ? undefined : (parseJsonBody(body.toString('utf8')) ?? {});
  if (sent !== undefined && (typeof sent !== 'object' || sent === null || Array.isArray(sent))) {
    throw new AppError('invalid_input', 'InvalidJson', 'The request body must be a JSON object.');
  }
  const message = parseMessage(route.message, { ...queryOf(event.rawQueryString), ...sent, ...parameters });
  const rawBody = route.rawBody ? rawBodyOf(event) : Buffer.alloc(0);
  return run({ message, caller, requestId, headers: event.headers, rawBody });
}

/** A field that comes once is a text, one that comes more often a list. */
function queryOf(rawQuery: string): Record<string, string | string[]> {
  const query = new URLSearchParams(rawQuery);
  return Object.fromEntries(
    [...new Set(query.keys())].map((name) => {
      const all = query.getAll(name);
      return [name, all.length === 1 ? all[0]! : all];
    }),
  );
}

/** Who asks a public route: whoever it is, without a role anywhere. */
const nobody: Caller = { id: 'nobody', grants: [] };

function callerOf(event: MlflowEvent, { iamGrants = {} }: MlflowEdge): Caller {
  const { lambda, iam } = event.requestContext.authorizer ?? {};
  if (iam) return granted(iamCaller(iam.userArn, iamGrants), iam.userArn);
  if (!lambda?.identity) {
    throw new AppError(
      'unauthenticated',
      'IdentityMissing',
      'The request carries no identity. Set MLFLOW_TRACKING_TOKEN to a token of this platform.',
    );
  }
  return callerSchema.parse(JSON.parse(lambda.identity));
}

/** Whoever has a token without grants is stopped by the authorizer; API Gateway knows nothing of our grants. */
function granted(caller: Caller, userArn: string): Caller {
  if (caller.grants.length > 0) return caller;
  throw new AppError(
    'forbidden',
    'GrantMissing',
    `${userArn} may do nothing here. Ask an operator to name its role or user in iamGrants of the stage.`,
  );
}

const routeNotFound = (method: string, path: string): AppError =>
  new AppError(
    'not_found',
    'RouteNotFound',
    `There is no ${method} ${path.slice(0, 200)} here. docs/guide/mlflow.md lists the operations of MLflow's API that this platform answers.`,
  );

const bodyTooLarge = (bytes: number, allowed: number): AppError =>
  new AppError(
    'invalid_input',
    'BodyTooLarge',
    `The request body has ${bytes} bytes; ${allowed} are allowed here. Send less at once.`,
  );

/** How long a client that asked too often waits before it asks again. */
function retryHeaders(error: unknown): Record<string, string> {
  const seconds = error instanceof AppError ? error.details['retryAfterSeconds'] : undefined;
  return typeof seconds === 'number' ? { 'retry-after': String(Math.ceil(seconds)) } : {};
}

/** An answer is for who asked: nobody on the way keeps it, and no browser takes it for a page. */
const answerHeaders = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

function jsonOrRaw(answer: object): MlflowResult {
  if (!(answer instanceof RawAnswer)) return jsonResult(200, answer);
  const isText = typeof answer.body === 'string';
  return {
    statusCode: answer.status,
    headers: { ...answerHeaders, ...answer.headers },
    body: isText ? (answer.body as string) : (answer.body as Buffer).toString('base64'),
    isBase64Encoded: !isText,
  };
}

function jsonResult(statusCode: number, value: object, headers: Record<string, string> = {}): MlflowResult {
  return {
    statusCode,
    headers: { ...answerHeaders, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(value),
    isBase64Encoded: false,
  };
}

/** Callers that sign with AWS keys come below `/iam`, as API Gateway asks one route for one kind of authorization. */
const withoutMount = (path: string): string => path.replace(/^\/iam(?=\/)/, '');

/** `/a/{id}/{rest+}` as find-my-way writes it. */
function routerPath(pattern: string): string {
  return pattern
    .split('/')
    .map((segment) => {
      if (!segment.startsWith('{')) return segment.replaceAll(':', '::');
      return segment.endsWith('+}') ? '*' : `:${segment.slice(1, -1)}`;
    })
    .join('/');
}
