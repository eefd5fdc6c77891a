import type { RuntimeContext } from '../emulated-service.ts';
import { clfTime, type GatewayAnswer, type GatewayRequest, headerOf } from './gateway-message.ts';
import { readBody } from './http-event.ts';
import type { Stage } from './model.ts';

/** What a request matched, as an event of payload format 1.0 names it. */
export interface RestMatch {
  readonly apiId: string;
  readonly stage: Stage;
  readonly resourceId: string;
  readonly resourcePath: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Whether the body is handed over in base64. */
  readonly isBinary: boolean;
  readonly authorizer?: Readonly<Record<string, unknown>>;
  readonly apiKey?: { readonly id: string; readonly value: string };
}

/** The parts that integration and authorizer events of payload format 1.0 share ("Input format of a Lambda function for proxy integration"). */
export function restEventBase(context: RuntimeContext, request: GatewayRequest, match: RestMatch) {
  const query = [...new URLSearchParams(request.rawQuery)];
  return {
    resource: match.resourcePath,
    path: request.path,
    httpMethod: request.method,
    headers: lastOf(request.headers),
    multiValueHeaders: allOf(request.headers),
    queryStringParameters: query.length === 0 ? null : lastOf(query),
    multiValueQueryStringParameters: query.length === 0 ? null : allOf(query),
    pathParameters: Object.keys(match.parameters).length === 0 ? null : match.parameters,
    stageVariables: Object.keys(match.stage.variables).length === 0 ? null : match.stage.variables,
    requestContext: {
      resourceId: match.resourceId,
      resourcePath: match.resourcePath,
      httpMethod: request.method,
      requestTime: clfTime(request.receivedAtMs),
      requestTimeEpoch: request.receivedAtMs,
      path: `/${match.stage.name}${request.path}`,
      accountId: context.accountId,
      protocol: 'HTTP/1.1',
      stage: match.stage.name,
      requestId: request.requestId,
      extendedRequestId: request.requestId,
      domainName: headerOf(request, 'host') ?? '127.0.0.1',
      domainPrefix: (headerOf(request, 'host') ?? '127').split('.')[0] ?? '',
      apiId: match.apiId,
      identity: {
        sourceIp: request.sourceIp,
        userAgent: headerOf(request, 'user-agent') ?? null,
        apiKey: match.apiKey?.value ?? null,
        apiKeyId: match.apiKey?.id ?? null,
        accountId: null,
        caller: null,
        user: null,
        userArn: null,
        accessKey: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        principalOrgId: null,
      },
    },
  };
}

/** The event of an integration: the shared parts, what the authorizer said, and the body. */
export function restIntegrationEvent(
  context: RuntimeContext,
  request: GatewayRequest,
  match: RestMatch,
): object {
  const base = restEventBase(context, request, match);
  return {
    ...base,
    requestContext: {
      ...base.requestContext,
      ...(match.authorizer !== undefined && { authorizer: match.authorizer }),
    },
    body: request.body.length === 0 ? null : request.body.toString(match.isBinary ? 'base64' : 'utf8'),
    isBase64Encoded: match.isBinary && request.body.length > 0,
  };
}

/**
 * Reads what a function answered in payload format 1.0 ("Output format of a Lambda function for proxy integration").
 * @throws TypeError when the answer has a shape that API Gateway calls malformed
 */
export function readRestAnswer(payload: unknown, mayBeBinary: boolean): GatewayAnswer {
  if (typeof payload !== 'object' || payload === null) throw new TypeError('the answer is not an object');
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = payload as Record<
    string,
    unknown
  >;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) {
    throw new TypeError(`statusCode ${JSON.stringify(statusCode)} is not an HTTP status`);
  }
  const multiple = Object.entries((multiValueHeaders ?? {}) as Record<string, unknown[]>);
  const taken = new Set(multiple.map(([name]) => name.toLowerCase()));
  const pairs = [
    ...Object.entries((headers ?? {}) as Record<string, unknown>)
      .filter(([name]) => !taken.has(name.toLowerCase()))
      .map(([name, value]) => [name, String(value)] as const),
    ...multiple.flatMap(([name, values]) => values.map((value) => [name, String(value)] as const)),
  ];
  if (!pairs.some(([name]) => name.toLowerCase() === 'content-type')) {
    pairs.push(['Content-Type', 'application/json']);
  }
  return { status, headers: pairs, body: readBody(body, mayBeBinary && isBase64Encoded === true) };
}

function lastOf(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(pairs);
}

function allOf(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  for (const [name, value] of pairs) {
    all[name] ??= [];
    all[name].push(value);
  }
  return all;
}
