import { createHash } from 'node:crypto';
import type { Principal, RuntimeContext } from '../emulated-service.ts';
import { readSignatureClaim } from '../gateway/credential-scope.ts';
import type { HttpHead } from '../gateway/http-request.ts';
import { sha256Hex } from '../gateway/signature-v4.ts';
import { verifyRequest } from '../gateway/verify-request.ts';
import type { GatewayRequest } from './gateway-message.ts';
import type { HttpMatch, IamCaller } from './http-event.ts';

/**
 * Decides a route with IAM authorization ("Control access to HTTP APIs with IAM authorization"): the request is signed for
 * `execute-api` by somebody who may `execute-api:Invoke` the route. Undefined: refused, for whatever reason, as API Gateway
 * gives none. A body that was changed after signing is refused too.
 */
export async function authorizeIam(
  context: RuntimeContext,
  request: GatewayRequest,
  { api, stage }: HttpMatch,
): Promise<IamCaller | undefined> {
  const head = headOf(request);
  const claim = readSignatureClaim(head);
  const identity = claim && context.iam.identify(claim.scope.accessKeyId);
  if (claim?.scope.signingName !== 'execute-api' || claim.scope.region !== context.region || !identity)
    return undefined;
  const arn = `arn:aws:execute-api:${context.region}:${context.accountId}:${api.id}`;
  const resource = `${arn}/${stage.name}/${request.method}${request.path}`;
  try {
    const check = await verifyRequest(head, claim, identity, async () => request.body, context.now());
    if (check !== undefined && check.sha256 !== sha256Hex(request.body)) return undefined;
    context.iam.demand(identity.principal, [{ action: 'execute-api:Invoke', resource }]);
  } catch (error) {
    context.log('apigateway', 'signed request refused', { path: request.path, error: String(error) });
    return undefined;
  }
  return describe(identity.principal, claim.scope.accessKeyId, context.accountId);
}

function describe(principal: Principal, accessKey: string, accountId: string): IamCaller | undefined {
  if (principal.kind === 'service') return undefined;
  const userId = uniqueId(principal);
  return {
    accessKey,
    accountId,
    callerId: userId,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: principal.arn,
    userId,
  };
}

/** `AIDA…` of a user, `AROA…:<session>` of a role's session, the same at every start. */
function uniqueId(principal: Exclude<Principal, { kind: 'service' }>): string {
  const isRole = principal.kind === 'role';
  const hash = createHash('sha256').update(isRole ? principal.roleArn : principal.arn);
  const id = `${isRole ? 'AROA' : 'AIDA'}${hash.digest('hex').toUpperCase().slice(0, 17)}`;
  return isRole ? `${id}:${principal.arn.split('/').at(-1)}` : id;
}

function headOf(request: GatewayRequest): HttpHead {
  const headers: Record<string, string> = {};
  for (const [name, value] of request.headers) {
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value : `${headers[key]},${value}`;
  }
  const { requestId, method, path: rawPath, rawQuery } = request;
  return { requestId, method, rawPath, rawQuery, query: new URLSearchParams(rawQuery), headers };
}
