import { AwsError } from '../emulated-service.ts';
import type { WireProtocol } from './render-error.ts';

/** What can be wrong with who signs a request and how. */
export type SignatureProblem =
  | 'missing'
  | 'incomplete'
  | 'unknownKey'
  | 'wrongToken'
  | 'mismatch'
  | 'skewed'
  | 'expired'
  | 'payloadMismatch';

const mismatchMessage =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
const unknownMessage = 'The security token included in the request is invalid.';

type Wording = Readonly<Record<SignatureProblem, readonly [code: string, message: string, status?: number]>>;

const json: Wording = {
  missing: ['MissingAuthenticationTokenException', 'Missing Authentication Token'],
  incomplete: [
    'IncompleteSignatureException',
    "Authorization header requires 'Credential', 'Signature' and 'SignedHeaders' parameters and a 'X-Amz-Date' header.",
  ],
  unknownKey: ['UnrecognizedClientException', unknownMessage],
  wrongToken: ['UnrecognizedClientException', unknownMessage],
  mismatch: ['InvalidSignatureException', mismatchMessage],
  skewed: ['InvalidSignatureException', 'Signature expired or not yet current'],
  expired: ['InvalidSignatureException', 'Signature expired'],
  payloadMismatch: ['InvalidSignatureException', mismatchMessage],
};

const query: Wording = {
  ...json,
  missing: ['MissingAuthenticationToken', 'Request is missing Authentication Token'],
  incomplete: ['IncompleteSignature', json.incomplete[1]],
  unknownKey: ['InvalidClientTokenId', unknownMessage],
  wrongToken: ['InvalidClientTokenId', unknownMessage],
  mismatch: ['SignatureDoesNotMatch', mismatchMessage],
  skewed: ['SignatureDoesNotMatch', json.skewed[1]],
  expired: ['SignatureDoesNotMatch', json.expired[1]],
  payloadMismatch: ['SignatureDoesNotMatch', mismatchMessage],
};

const s3: Wording = {
  missing: ['AccessDenied', 'Access Denied'],
  incomplete: [
    'AuthorizationHeaderMalformed',
    'The authorization header that you provided is not valid.',
    400,
  ],
  unknownKey: ['InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.'],
  wrongToken: ['InvalidToken', 'The provided token is malformed or otherwise invalid.', 400],
  mismatch: [
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  ],
  skewed: [
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
  ],
  expired: ['AccessDenied', 'Request has expired'],
  payloadMismatch: [
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    400,
  ],
};

/** The error as the service of this protocol words it; `detail` is added to the message where there is something to tell. */
export function signatureError(protocol: WireProtocol, problem: SignatureProblem, detail?: string): AwsError {
  const wording = protocol === 's3-xml' ? s3 : protocol === 'query-xml' ? query : json;
  const [code, message, status] = wording[problem];
  return new AwsError(code, detail === undefined ? message : `${message}: ${detail}`, status ?? 403);
}
