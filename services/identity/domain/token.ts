import { sha256Hex } from '#shared/kernel/hash.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
export const secretBytes = 32;
/** 32 bytes in base 62: ceil(256 / log2 62). */
const secretLength = 43;
const tokenPattern = new RegExp(`^mlr_[0-9A-Za-z]{1,40}_[0-9A-Za-z]{${secretLength}}$`);

/** `mlr_<tokenId>_<secret>`: what begins so in a log or a repository can be found by scanners. */
export function formatToken(tokenId: string, secret: Uint8Array): string {
  let rest = BigInt(`0x${Buffer.from(secret).toString('hex')}`);
  let text = '';
  for (let i = 0; i < secretLength; i++) {
    text = alphabet[Number(rest % 62n)] + text;
    rest /= 62n;
  }
  return `mlr_${tokenId}_${text}`;
}

/** The only trace of a token that is kept. A secret of 256 random bits needs no salt and no slow hash. */
export const tokenSha256 = (token: string): string => sha256Hex(token);

/** Three parts of base64url: what a signed token of an issuer looks like. Headers of API Gateway have 10 KB at most. */
const signedTokenPattern = /^[\w-]+\.[\w-]+\.[\w-]*$/;
const maxSignedTokenLength = 8192;

export interface SentToken {
  /** `api`: one of ours; `signed`: a JWT of an issuer. */
  readonly kind: 'api' | 'signed';
  readonly token: string;
  /** `basic` credentials are what a browser may send by itself, for any page. */
  readonly scheme: 'bearer' | 'basic';
}

/**
 * The token of an `Authorization: Bearer …` header, or the password of `Authorization: Basic …`, whose user name may be any
 * (RFC 7617: all before the first colon); undefined where it cannot be one.
 */
export function sentToken(authorization: string): SentToken | undefined {
  const [, scheme = '', credentials = ''] = /^(Bearer|Basic)\s+(\S+)$/i.exec(authorization.trim()) ?? [];
  const isBasic = scheme.toLowerCase() === 'basic';
  const token = isBasic ? passwordOf(credentials) : credentials;
  const sent = { token, scheme: isBasic ? ('basic' as const) : ('bearer' as const) };
  if (tokenPattern.test(token)) return { ...sent, kind: 'api' };
  const isSigned = token.length <= maxSignedTokenLength && signedTokenPattern.test(token);
  return isSigned ? { ...sent, kind: 'signed' } : undefined;
}

function passwordOf(credentials: string): string {
  const [, ...password] = Buffer.from(credentials, 'base64').toString('utf8').split(':');
  return password.join(':');
}
