import type { Role } from '#shared/contracts/endpoint.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { isExpired } from '../domain/grants.ts';
import { bearerToken, tokenSha256 } from '../domain/token.ts';
import type { TokenStore } from '../ports.ts';

export interface IdentifyCallerDeps {
  readonly store: Pick<TokenStore, 'byHash'>;
  readonly clock: Clock;
  /** Who a request without a token is, in stage `local`; absent elsewhere. */
  readonly anonymousIdentity?: string | undefined;
}

/** What a request says of its caller. */
export interface Credentials {
  readonly authorization?: string | undefined;
  /** `x-millrace-as`: which local identity a request without a token wants to be. */
  readonly actAs?: string | undefined;
  /** Whether a browser sends it for a page of another origin. */
  readonly isForeignPage?: boolean;
}

export interface IdentifiedCaller {
  readonly caller: { readonly id: string; readonly grants: { project: string; role: Role }[] };
  /** The value of the API key whose usage plan throttles the caller on the prediction API. */
  readonly apiKeyValue: string;
}

/** Also the value of the API key that stage `local` is deployed with. */
export const anonymousApiKeyValue = 'anonymous-local-identity-key';
const identityName = /^[A-Za-z0-9._@-]{1,64}$/;

/** Who calls; undefined for anybody that is to be refused: no token, an unknown, ended or expired one, an identity that is no name, a page elsewhere. */
export async function identifyCaller(
  deps: IdentifyCallerDeps,
  { authorization, actAs, isForeignPage }: Credentials,
): Promise<IdentifiedCaller | undefined> {
  if (authorization === undefined) {
    // Any page that a person opens can send requests to their own machine.
    return isForeignPage ? undefined : anonymous(deps.anonymousIdentity, actAs);
  }
  const token = bearerToken(authorization);
  if (token === undefined) return undefined;
  const hash = tokenSha256(token);
  const record = await deps.store.byHash(hash);
  if (record?.status !== 'active' || isExpired(record, deps.clock.now())) return undefined;
  return { caller: { id: record.name, grants: record.grants }, apiKeyValue: hash };
}

function anonymous(identity: string | undefined, actAs: string | undefined): IdentifiedCaller | undefined {
  if (identity === undefined) return undefined;
  const id = actAs ?? identity;
  if (!identityName.test(id)) return undefined;
  return { caller: { id, grants: [{ project: '*', role: 'admin' }] }, apiKeyValue: anonymousApiKeyValue };
}
