import type { HttpHead } from './http-request.ts';

/** `<access key>/<yyyymmdd>/<region>/<service>/aws4_request`, as Signature Version 4 writes it. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly signingName: string;
}

/** What a request claims about its signature, in headers or (presigned) in the query; nothing is verified here. */
export interface SignatureClaim {
  readonly form: 'header' | 'query';
  readonly scope: CredentialScope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const algorithm = 'AWS4-HMAC-SHA256';

/** Reads the signature claim; undefined when the request carries none or one that cannot be read. */
export function readSignatureClaim(head: HttpHead): SignatureClaim | undefined {
  const authorization = head.headers['authorization'];
  if (authorization !== undefined) return fromHeader(authorization);
  if (head.query.get('X-Amz-Algorithm') !== algorithm) return undefined;
  const parts = {
    Credential: head.query.get('X-Amz-Credential') ?? '',
    SignedHeaders: head.query.get('X-Amz-SignedHeaders') ?? '',
    Signature: head.query.get('X-Amz-Signature') ?? '',
  };
  return toClaim('query', parts);
}

function fromHeader(authorization: string): SignatureClaim | undefined {
  if (!authorization.startsWith(`${algorithm} `)) return undefined;
  const parts: Record<string, string> = {};
  for (const part of authorization.slice(algorithm.length + 1).split(',')) {
    const equals = part.indexOf('=');
    if (equals > 0) parts[part.slice(0, equals).trim()] = part.slice(equals + 1).trim();
  }
  return toClaim('header', parts);
}

function toClaim(
  form: SignatureClaim['form'],
  parts: Readonly<Record<string, string>>,
): SignatureClaim | undefined {
  const scope = (parts['Credential'] ?? '').split('/');
  const terminator = scope.pop();
  const [signingName, region, date] = [scope.pop(), scope.pop(), scope.pop()];
  const accessKeyId = scope.join('/');
  if (terminator !== 'aws4_request' || !signingName || !region || !date || accessKeyId === '')
    return undefined;
  if (!parts['SignedHeaders'] || !parts['Signature']) return undefined;
  return {
    form,
    scope: { accessKeyId, date, region, signingName },
    signedHeaders: parts['SignedHeaders'].split(';'),
    signature: parts['Signature'],
  };
}
