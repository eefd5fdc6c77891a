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

export interface BearerToken {
  /** `api`: one of ours; `signed`: a JWT of an issuer. */
  readonly kind: 'api' | 'signed';
  readonly token: string;
}

/** The token of an `Authorization: Bearer …` header; undefined where it cannot be one. */
export function bearerToken(authorization: string): BearerToken | undefined {
  const [, token = ''] = /^Bearer\s+(\S+)$/i.exec(authorization.trim()) ?? [];
  if (tokenPattern.test(token)) return { kind: 'api', token };
  const isSigned = token.length <= maxSignedTokenLength && signedTokenPattern.test(token);
  return isSigned ? { kind: 'signed', token } : undefined;
}
