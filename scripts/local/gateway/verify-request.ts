import type { IamApi, Identity } from '../emulated-service.ts';
import type { SignatureClaim } from './credential-scope.ts';
import type { HttpHead } from './http-request.ts';
import { protocolOf, type WireProtocol } from './render-error.ts';
import { type SignatureProblem, signatureError } from './signature-errors.ts';
import { expectedSignature, sha256Hex, signaturesEqual } from './signature-v4.ts';

/** What the gateway asks of IAM about keys. */
export type Identities = Pick<IamApi, 'identify'>;

/** AWS accepts clocks that differ by up to 15 minutes; a presigned URL lives 7 days at most. */
const maxSkewMs = 15 * 60_000;
const maxPresignSeconds = 7 * 24 * 3600;

/** How the body is bound to the signature: its hash must match, or the signature says nothing about it. */
export type PayloadCheck = { readonly sha256: string } | undefined;

/**
 * Verifies a request's signature, its time and its session token, and returns what is still to be checked of the body.
 * `body` is read only where the signature needs its hash (services other than S3 that declare none).
 * Throws the AwsError that the service would answer.
 */
export async function verifyRequest(
  head: HttpHead,
  claim: SignatureClaim,
  identity: Identity,
  body: () => Promise<Buffer>,
  nowMs: number,
): Promise<PayloadCheck> {
  const protocol = protocolOf(head, claim.scope.signingName);
  const fail = (problem: SignatureProblem, detail?: string) => signatureError(protocol, problem, detail);
  const amzDate = signingTime(head, claim);
  if (amzDate === undefined || !amzDate.startsWith(claim.scope.date)) throw fail('incomplete');
  checkTime(head, claim, amzDate, nowMs, fail);
  if (identity.sessionToken !== sessionToken(head, claim)) throw fail('wrongToken');
  const declared = await payloadHash(head, claim, protocol, body);
  const expected = expectedSignature(head, claim, amzDate, declared, identity.secretAccessKey);
  if (!signaturesEqual(expected, claim.signature) || !claim.signedHeaders.includes('host')) {
    throw fail('mismatch');
  }
  return /^[0-9a-f]{64}$/.test(declared) ? { sha256: declared } : undefined;
}

function signingTime(head: HttpHead, claim: SignatureClaim): string | undefined {
  const text = claim.form === 'query' ? head.query.get('X-Amz-Date') : head.headers['x-amz-date'];
  return text !== null && text !== undefined && /^\d{8}T\d{6}Z$/.test(text) ? text : undefined;
}

function sessionToken(head: HttpHead, claim: SignatureClaim): string | undefined {
  if (claim.form === 'query') return head.query.get('X-Amz-Security-Token') ?? undefined;
  return head.headers['x-amz-security-token'];
}

function checkTime(
  head: HttpHead,
  claim: SignatureClaim,
  amzDate: string,
  nowMs: number,
  fail: (problem: SignatureProblem, detail?: string) => Error,
): void {
  const signedMs = Date.parse(amzDate.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const server = `${new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '')}`;
  if (signedMs - nowMs > maxSkewMs) {
    throw fail('skewed', `${amzDate} is still later than ${server} plus 15 minutes`);
  }
  if (claim.form === 'header') {
    if (nowMs - signedMs > maxSkewMs) {
      throw fail('skewed', `${amzDate} is now earlier than ${server} less 15 minutes`);
    }
    return;
  }
  const expiresSeconds = Number(head.query.get('X-Amz-Expires'));
  if (!Number.isInteger(expiresSeconds) || expiresSeconds < 1 || expiresSeconds > maxPresignSeconds) {
    throw fail('incomplete', `X-Amz-Expires must be 1 to ${maxPresignSeconds} seconds`);
  }
  if (nowMs > signedMs + expiresSeconds * 1000) throw fail('expired');
}

/**
 * S3 signs what `x-amz-content-sha256` says (a hash, UNSIGNED-PAYLOAD or STREAMING-…, whose chunks S3 itself decodes);
 * presigned S3 URLs sign UNSIGNED-PAYLOAD. All others sign the body's hash.
 */
async function payloadHash(
  head: HttpHead,
  claim: SignatureClaim,
  protocol: WireProtocol,
  body: () => Promise<Buffer>,
): Promise<string> {
  if (claim.form === 'query' && claim.scope.signingName === 's3') {
    return head.query.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD';
  }
  const declared = head.headers['x-amz-content-sha256'];
  if (declared !== undefined) return declared;
  if (protocol === 's3-xml') {
    throw signatureError(protocol, 'incomplete', 'missing required header x-amz-content-sha256');
  }
  return sha256Hex(await body());
}
