import type { RuntimeContext } from '../emulated-service.ts';
import { decide, isAuthorizerPolicy } from './authorizer-policy.ts';
import { callFunction } from './function-call.ts';
import { type GatewayRequest, headerOf } from './gateway-message.ts';
import { type HttpMatch, httpEventBase } from './http-event.ts';
import type { HttpAuthorizer } from './model.ts';
import type { ResultCache } from './result-cache.ts';

/** What an authorizer of an HTTP API says of a request. */
export type HttpAuthorization =
  | { readonly kind: 'allowed'; readonly context: Readonly<Record<string, unknown>> }
  | { readonly kind: 'denied' }
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'broken'; readonly reason: string };

/**
 * Asks a Lambda authorizer ("Control access to HTTP APIs with AWS Lambda authorizers"). A missing identity source is Unauthorized
 * without a call; results are kept by identity sources for the authorizer's time to live.
 */
export async function authorizeHttp(
  context: RuntimeContext,
  cache: ResultCache<HttpAuthorization>,
  authorizer: HttpAuthorizer,
  request: GatewayRequest,
  match: HttpMatch,
): Promise<HttpAuthorization> {
  const identities = authorizer.identitySources.map((source) => selectIdentity(source, request, match));
  if (identities.some((identity) => identity === undefined || identity === ''))
    return { kind: 'unauthorized' };
  const isCached = authorizer.ttlSeconds > 0 && identities.length > 0;
  const cacheKey = JSON.stringify([authorizer.id, match.stage.name, identities]);
  const cached = isCached ? cache.get(cacheKey) : undefined;
  if (cached !== undefined) return cached;
  const execute = `arn:aws:execute-api:${context.region}:${context.accountId}:${match.api.id}`;
  const routeArn = `${execute}/${match.stage.name}/${request.method}${request.path}`;
  const event = {
    ...httpEventBase(context, request, match),
    type: 'REQUEST',
    routeArn,
    identitySource: identities.length === 0 ? null : identities,
  };
  const call = await callFunction(
    context,
    authorizer.target,
    event,
    `${execute}/authorizers/${authorizer.id}`,
  );
  const authorization =
    call.kind === 'answered'
      ? readAuthorization(authorizer, call.payload, routeArn)
      : { kind: 'broken' as const, reason: 'reason' in call ? call.reason : call.kind };
  if (isCached && authorization.kind !== 'broken') cache.set(cacheKey, authorization, authorizer.ttlSeconds);
  return authorization;
}

function readAuthorization(
  authorizer: HttpAuthorizer,
  payload: unknown,
  routeArn: string,
): HttpAuthorization {
  const answer = (payload ?? {}) as Record<string, unknown>;
  const context = (answer['context'] ?? {}) as Record<string, unknown>;
  if (authorizer.simpleResponses) {
    if (typeof answer['isAuthorized'] !== 'boolean') {
      return { kind: 'broken', reason: 'the authorizer answered no boolean isAuthorized' };
    }
    return answer['isAuthorized'] ? { kind: 'allowed', context } : { kind: 'denied' };
  }
  if (!isAuthorizerPolicy(answer['policyDocument'])) {
    return { kind: 'broken', reason: 'the authorizer answered no policyDocument' };
  }
  const isAllowed = decide(answer['policyDocument'], routeArn) === 'allow';
  return isAllowed ? { kind: 'allowed', context } : { kind: 'denied' };
}

function selectIdentity(source: string, request: GatewayRequest, match: HttpMatch): string | undefined {
  const [, kind = '', name = ''] =
    /^\$(request\.header|request\.querystring|context|stageVariables)\.(.+)$/.exec(source) ?? [];
  switch (kind) {
    case 'request.header':
      return headerOf(request, name.toLowerCase());
    case 'request.querystring':
      return new URLSearchParams(request.rawQuery).get(name) ?? undefined;
    case 'stageVariables':
      return match.stage.variables[name];
    default:
      return name === 'routeKey' ? match.routeKey : undefined;
  }
}
