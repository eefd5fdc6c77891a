import { createHash } from 'node:crypto';
import { type Readable, Transform } from 'node:stream';
import { signatureError } from './signature-errors.ts';

/** Passes an S3 body through and fails its end with XAmzContentSHA256Mismatch when it is not what was signed. */
export function verifiedBody(body: Readable, sha256: string): Readable {
  const hash = createHash('sha256');
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      done(hash.digest('hex') === sha256 ? null : signatureError('s3-xml', 'payloadMismatch'));
    },
  });
  body.once('error', (error) => check.destroy(error));
  return body.pipe(check);
}
