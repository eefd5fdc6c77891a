import { AppError } from './errors.ts';

export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

/** Parses `s3://bucket/key`. Throws InvalidS3Uri where there is no bucket or no key. */
export function parseS3Uri(uri: string): S3Location {
  const match = /^s3:\/\/([a-z0-9.-]{3,63})\/(.+)$/.exec(uri);
  if (!match) {
    throw new AppError(
      'invalid_input',
      'InvalidS3Uri',
      `'${uri}' is not an S3 address. Write s3://<bucket>/<key>.`,
    );
  }
  return { bucket: match[1]!, key: match[2]! };
}

export function formatS3Uri(location: S3Location): string {
  return `s3://${location.bucket}/${location.key}`;
}
