import { AwsError } from '../emulated-service.ts';

const maxKeyBytes = 1024;

/** Throws KeyTooLongError for a key that S3 would not store. */
export function checkKey(key: string): void {
  const sizeBytes = Buffer.byteLength(key);
  if (sizeBytes <= maxKeyBytes) return;
  throw new AwsError('KeyTooLongError', 'Your key is too long', 400, {
    Size: sizeBytes,
    MaxSizeAllowed: maxKeyBytes,
  });
}
