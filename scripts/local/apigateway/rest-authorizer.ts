import type { RuntimeContext } from '../emulated-service.ts';
import { type AuthorizerPolicy, decide, isAuthorizerPolicy } from './authorizer-policy.ts';
import { callFunction } from './function-call.ts';
import { type GatewayRequest, headerOf } from './gateway-message.ts';
import type { RestAuthorizer } from './model.ts';
import { type RestMatch, restEventBase } from './rest-event.ts';
import type { ResultCache } from './result-cache.ts';

/** What an authorizer's function answered; kept for its time to live, for all methods of the stage. */
export interface AuthorizerResult {
  readonly principalId: string;
  readonly policy: AuthorizerPolicy;
  readonly context: Readonly<Record<string, unknown>>;
  readonly usageIdentifierKey?: string;
}

/** What an authorizer of a REST API says of a request. */
export type RestAuthorization =
  | {
      readonly kind: 'allowed';
      readonly authorizer: Readonly<Record<string, unknown>>;
      readonly usageIdentifierKey?: string;
    }
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'denied'; readonly isExplicit: boolean }
  | { readonly kind: 'broken'; readonly reason: string };

/** Asks a Lambda authorizer of a REST API ("Use API Gateway Lambda authorizers"); its policy decides on this request's method ARN. */
export async function authorizeRest(
  context: RuntimeContext,
  cache: ResultCache<AuthorizerResult>,
  authorizer: RestAuthorizer,
  request: GatewayRequest,
  match: RestMatch,
): Promise<RestAuthorization> {
  const identities = authorizer.identitySources.map((source) => selectIdentity(source, request, match));
  if (identities.some((identity) => identity === undefined || identity === ''))
    return { kind: 'unauthorized' };
  const isCached = authorizer.ttlSeconds > 0 && identities.length > 0;
  const cacheKey = JSON.stringify([authorizer.id, match.stage.name, identities]);
  const execute = `arn:aws:execute-api:${context.region}:${context.accountId}:${match.apiId}`;
  const methodArn = `${execute}/${match.stage.name}/${request.method}${request.path}`;
  const cached = isCached ? cache.get(cacheKey) : undefined;
  if (cached !== undefined) return decideOn(cached, methodArn);
  const event =
    authorizer.type === 'TOKEN'
      ? { type: 'TOKEN', methodArn, authorizationToken: identities[0] }
      : { ...restEventBase(context, request, match), type: 'REQUEST', methodArn };
  const call = await callFunction(
    context,
    authorizer.target,
    event,
    `${execute}/authorizers/${authorizer.id}`,
  );
  if (call.kind === 'failed' && call.errorMessage === 'Unauthorized') return { kind: 'unauthorized' };
  if (call.kind !== 'answered') return { kind: 'broken', reason: 'reason' in call ? call.reason : call.kind };
  const result = readResult(call.payload);
  if (result === undefined)
    return { kind: 'broken', reason: 'the authorizer answered no principalId and policy' };
  if (isCached) cache.set(cacheKey, result, authorizer.ttlSeconds);
  return decideOn(result, methodArn);
}

function decideOn(result: AuthorizerResult, methodArn: string): RestAuthorization {
  const decision = decide(result.policy, methodArn);
  if (decision !== 'allow') return { kind: 'denied', isExplicit: decision === 'explicit-deny' };
  return {
    kind: 'allowed',
    authorizer: { ...result.context, principalId: result.principalId },
    ...(result.usageIdentifierKey !== undefined && { usageIdentifierKey: result.usageIdentifierKey }),
  };
}

/** The context's values must be text, numbers or booleans; API Gateway hands all of them on as text. */
function readResult(payload: unknown): AuthorizerResult | undefined {
  const answer = (payload ?? {}) as Record<string, unknown>;
  const { principalId, policyDocument, usageIdentifierKey } = answer;
  if (typeof principalId !== 'string' || !isAuthorizerPolicy(policyDocument)) return undefined;
  const context = Object.entries((answer['context'] ?? {}) as Record<string, unknown>);
  if (context.some(([, value]) => typeof value === 'object')) return undefined;
  return {
    principalId,
    policy: policyDocument,
    context: Object.fromEntries(context.map(([name, value]) => [name, String(value)])),
    ...(typeof usageIdentifierKey === 'string' && { usageIdentifierKey }),
  };
}

function selectIdentity(source: string, request: GatewayRequest, match: RestMatch): string | undefined {
  const [, kind = '', name = ''] =
    /^(method\.request\.header|method\.request\.querystring|context|stageVariables)\.(.+)$/.exec(source) ??
    [];
  switch (kind) {
    case 'method.request.header':
      return headerOf(request, name.toLowerCase());
    case 'method.request.querystring':
      return new URLSearchParams(request.rawQuery).get(name) ?? undefined;
    case 'stageVariables':
      return match.stage.variables[name];
    default:
      return contextValue(name, request, match);
  }
}

function contextValue(name: string, request: GatewayRequest, match: RestMatch): string | undefined {
  const values: Record<string, string> = {
    httpMethod: request.method,
    path: `/${match.stage.name}${request.path}`,
    resourcePath: match.resourcePath,
    stage: match.stage.name,
    'identity.sourceIp': request.sourceIp,
  };
  return values[name];
}
