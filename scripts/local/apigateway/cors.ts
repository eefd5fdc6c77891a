import { type GatewayAnswer, type GatewayRequest, headerOf } from './gateway-message.ts';
import type { CorsConfiguration } from './model.ts';

type Headers = GatewayAnswer['headers'];

/** The headers that let the caller's origin read an answer; none for an origin that is not allowed. */
export function corsHeaders(cors: CorsConfiguration | undefined, request: GatewayRequest): Headers {
  const origin = headerOf(request, 'origin');
  if (cors === undefined || origin === undefined) return [];
  const isAny = cors.allowOrigins.includes('*');
  if (!isAny && !cors.allowOrigins.some((allowed) => allowed.toLowerCase() === origin.toLowerCase()))
    return [];
  return [
    ['access-control-allow-origin', isAny ? '*' : origin],
    ...(isAny ? [] : [['vary', 'Origin'] as const]),
    ...(cors.allowCredentials ? [['access-control-allow-credentials', 'true'] as const] : []),
    ...(cors.exposeHeaders.length > 0
      ? [['access-control-expose-headers', cors.exposeHeaders.join(',')] as const]
      : []),
  ];
}

/** The answer to a preflight request, which API Gateway gives by itself; undefined when the request is none or CORS is off. */
export function preflightAnswer(
  cors: CorsConfiguration | undefined,
  request: GatewayRequest,
): GatewayAnswer | undefined {
  const isPreflight =
    request.method === 'OPTIONS' && headerOf(request, 'access-control-request-method') !== undefined;
  if (cors === undefined || !isPreflight) return undefined;
  const allowed = corsHeaders(cors, request);
  if (allowed.length === 0) return { status: 204, headers: [], body: '' };
  return {
    status: 204,
    headers: [
      ...allowed,
      ['access-control-allow-methods', cors.allowMethods.join(',')],
      ['access-control-allow-headers', cors.allowHeaders.join(',')],
      ...(cors.maxAgeSeconds === undefined
        ? []
        : [['access-control-max-age', String(cors.maxAgeSeconds)] as const]),
    ],
    body: '',
  };
}
