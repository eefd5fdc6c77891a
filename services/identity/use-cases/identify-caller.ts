import type { Role } from '#shared/contracts/endpoint.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { anonymousApiKeyValue } from '#shared/kernel/names.ts';
import { isExpired } from '../domain/grants.ts';
import { sentToken, tokenSha256 } from '../domain/token.ts';
import type { SignedTokens, TokenStore } from '../ports.ts';
import { type ClaimSettings, signedInCaller } from './signed-in-caller.ts';

export interface IdentifyCallerDeps {
  readonly store: Pick<TokenStore, 'byHash'>;
  readonly clock: Clock;
  /** Who a request without a token is, in stage `local`; absent elsewhere. */
  readonly anonymousIdentity?: string | undefined;
  /** Who signs people in; absent where API tokens are the only ones. */
  readonly signIn?: SignIn | undefined;
}

export interface SignIn {
  readonly tokens: SignedTokens;
  readonly settings: ClaimSettings;
  /** The API key that all signed-in people share. */
  readonly apiKeyValue: string;
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
  /** Without a grant: it is certain who calls, and they may do nothing. */
  readonly caller: { readonly id: string; readonly grants: { project: string; role: Role }[] };
  /** The value of the API key whose usage plan throttles the caller on the prediction API. */
  readonly apiKeyValue: string;
}

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
  const sent = sentToken(authorization);
  if (sent === undefined) return undefined;
  // A browser that was once given a user name and password sends them for pages of others too.
  if (sent.scheme === 'basic' && isForeignPage) return undefined;
  if (sent.kind === 'signed') return signedIn(deps.signIn, sent.token);
  const hash = tokenSha256(sent.token);
  const record = await deps.store.byHash(hash);
  if (record?.status !== 'active' || isExpired(record, deps.clock.now())) return undefined;
  return { caller: { id: record.name, grants: record.grants }, apiKeyValue: hash };
}

async function signedIn(signIn: SignIn | undefined, token: string): Promise<IdentifiedCaller | undefined> {
  const claims = await signIn?.tokens.verify(token);
  const caller = claims && signIn && signedInCaller(claims, signIn.settings);
  return caller && { caller, apiKeyValue: signIn.apiKeyValue };
}

function anonymous(identity: string | undefined, actAs: string | undefined): IdentifiedCaller | undefined {
  if (identity === undefined) return undefined;
  const id = actAs ?? identity;
  if (!identityName.test(id)) return undefined;
  return { caller: { id, grants: [{ project: '*', role: 'admin' }] }, apiKeyValue: anonymousApiKeyValue };
}
