import type { RuntimeContext } from '../emulated-service.ts';
import { clfTime, type GatewayAnswer, type GatewayRequest, headerOf } from './gateway-message.ts';
import type { HttpApi, Stage } from './model.ts';

/** What a request matched, as its event names it. */
export interface HttpMatch {
  readonly api: HttpApi;
  readonly stage: Stage;
  readonly routeKey: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The parts that integration and authorizer events of payload format 2.0 share ("Working with AWS Lambda proxy integrations for HTTP APIs"). */
export function httpEventBase(context: RuntimeContext, request: GatewayRequest, match: HttpMatch) {
  const { api, stage, routeKey, parameters } = match;
  // HTTP APIs hand over the path decoded; REST APIs leave it as it was sent.
  const decodedPath = decodeURIComponent(request.path);
  const path = stage.name === '$default' ? decodedPath : `/${stage.name}${decodedPath}`;
  const cookies = request.headers
    .filter(([name]) => name.toLowerCase() === 'cookie')
    .flatMap(([, value]) => value.split(/;\s*/));
  const query = combined([...new URLSearchParams(request.rawQuery)]);
  const domainName = headerOf(request, 'host') ?? '127.0.0.1';
  return {
    version: '2.0' as const,
    routeKey,
    rawPath: path,
    rawQueryString: request.rawQuery,
    ...(cookies.length > 0 && { cookies }),
    headers: combined(
      request.headers
        .filter(([name]) => name.toLowerCase() !== 'cookie')
        .map(([name, value]) => [name.toLowerCase(), value] as const),
    ),
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    ...(Object.keys(parameters).length > 0 && { pathParameters: parameters }),
    ...(Object.keys(stage.variables).length > 0 && { stageVariables: stage.variables }),
    requestContext: {
      accountId: context.accountId,
      apiId: api.id,
      domainName,
      domainPrefix: domainName.split('.')[0] ?? '',
      http: {
        method: request.method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headerOf(request, 'user-agent') ?? '',
      },
      requestId: request.requestId,
      routeKey,
      stage: stage.name,
      time: clfTime(request.receivedAtMs),
      timeEpoch: request.receivedAtMs,
    },
  };
}

/** `requestContext.authorizer.iam` of payload format 2.0. */
export interface IamCaller {
  readonly accessKey: string;
  readonly accountId: string;
  readonly callerId: string;
  readonly cognitoIdentity: null;
  readonly principalOrgId: null;
  readonly userArn: string;
  readonly userId: string;
}

/** Who was let through, as the function is told: what a Lambda authorizer said, or who signed. */
export type AuthorizerContext =
  | { readonly lambda: Readonly<Record<string, unknown>> }
  | { readonly iam: IamCaller };

/** The event of an integration: the shared parts, what the authorizer said, and the body. */
export function httpIntegrationEvent(
  context: RuntimeContext,
  request: GatewayRequest,
  match: HttpMatch,
  authorizer: AuthorizerContext | undefined,
): object {
  const base = httpEventBase(context, request, match);
  const isText = isTextType(headerOf(request, 'content-type'));
  return {
    ...base,
    requestContext: {
      ...base.requestContext,
      ...(authorizer !== undefined && { authorizer }),
    },
    ...(request.body.length > 0 && { body: request.body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: request.body.length > 0 && !isText,
  };
}

/** HTTP APIs hand over these media types as text and all others in base64. */
function isTextType(contentType: string | undefined): boolean {
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return /^(text\/.*|application\/(json|xml|javascript|.*\+json|.*\+xml))$/.test(mediaType);
}

function combined(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of pairs) all[name] = all[name] === undefined ? value : `${all[name]},${value}`;
  return all;
}

/**
 * Reads what a function answered in payload format 2.0. A value without `statusCode` is a 200 with that value as JSON body.
 * @throws TypeError when the answer has a shape that API Gateway refuses
 */
export function readHttpAnswer(payload: unknown): GatewayAnswer {
  if (typeof payload !== 'object' || payload === null || !('statusCode' in payload)) {
    const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
    return { status: 200, headers: [['content-type', 'application/json']], body };
  }
  const { statusCode, headers, cookies, body, isBase64Encoded } = payload as Record<string, unknown>;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) {
    throw new TypeError(`statusCode ${JSON.stringify(statusCode)} is not an HTTP status`);
  }
  const pairs = Object.entries((headers ?? {}) as Record<string, unknown>).map(
    ([name, value]) => [name.toLowerCase(), String(value)] as const,
  );
  const setCookies = Array.isArray(cookies)
    ? cookies.map((cookie) => ['set-cookie', String(cookie)] as const)
    : [];
  if (!pairs.some(([name]) => name === 'content-type'))
    pairs.push(['content-type', 'text/plain;charset=utf-8']);
  return { status, headers: [...pairs, ...setCookies], body: readBody(body, isBase64Encoded === true) };
}

/** @throws TypeError when the body is neither text nor absent */
export function readBody(body: unknown, isBase64Encoded: boolean): string | Buffer {
  if (body === undefined || body === null) return '';
  if (typeof body !== 'string') throw new TypeError(`body is ${typeof body}, not a string`);
  return isBase64Encoded ? Buffer.from(body, 'base64') : body;
}
