import type * as z from 'zod';
import type { Page } from '#shared/kernel/paging.ts';
import type { issueToken } from './contract.ts';

/** A token as the API shows it, without its secret. */
export type TokenInfo = Omit<z.infer<typeof issueToken.response>, 'token'>;

/**
 * `pending`: written down, its API key not yet certain; `active`; `revoked`: ended, its API key not yet gone. Only active
 * tokens let anybody in; the others are what `settleTokens` has to finish.
 */
export type TokenStatus = 'pending' | 'active' | 'revoked';

export interface TokenRecord extends TokenInfo {
  /** SHA-256 of the token; also the value of its API key. */
  readonly tokenSha256: string;
  readonly status: TokenStatus;
  readonly apiKeyId?: string;
}

export interface TokenStore {
  byHash(tokenSha256: string): Promise<TokenRecord | undefined>;
  byId(tokenId: string): Promise<TokenRecord | undefined>;
  /** Writes a new token. */
  add(record: TokenRecord): Promise<void>;
  /** Throws TokenChanged (conflict) when the status is no longer `from`. */
  move(record: TokenRecord, from: TokenStatus): Promise<void>;
  remove(record: TokenRecord): Promise<void>;
  /** Active tokens by id; eventually consistent. */
  active(pageToken: string | undefined): Promise<Page<TokenRecord>>;
  /** Pending and revoked tokens; eventually consistent. */
  unsettled(pageToken: string | undefined): Promise<Page<TokenRecord>>;
}

/** Makes the API keys by which the prediction API's usage plan throttles each token. */
export interface ApiKeyMaker {
  /** Makes a key and puts it on the usage plan. Answers its id. */
  create(key: { tokenId: string; value: string }): Promise<string>;
}

export interface ApiKeyRemover {
  /** A key that is gone is no error. */
  remove(apiKeyId: string): Promise<void>;
  /** The id of a token's key, where the token's record does not hold it. */
  find(tokenId: string): Promise<string | undefined>;
}

/** Tokens that an OpenID Connect issuer signed. */
export interface SignedTokens {
  /**
   * The claims of a token that the issuer signed for this audience and that is valid now; undefined for any other. Throws
   * IssuerUnreachable (unavailable) where the issuer's keys cannot be had.
   */
  verify(token: string): Promise<Readonly<Record<string, unknown>> | undefined>;
}
