import { AppError } from '#shared/kernel/errors.ts';

export const fileRejectionCodes = [
  'UnreadableUpload',
  'TruncatedUpload',
  'UploadTooLarge',
  'UploadTooDeep',
  'UnsupportedEncoding',
  'EmptyUpload',
] as const;
export type FileRejectionCode = (typeof fileRejectionCodes)[number];

/** A file that cannot become rows, and why; `reason` is a code of `DatasetVersionRejected`. The message says what to do. */
export class FileRejection extends AppError {
  readonly reason: FileRejectionCode;

  constructor(reason: FileRejectionCode, message: string) {
    super('invalid_input', reason, message);
    this.reason = reason;
  }
}

export const unreadable = (message: string): FileRejection => new FileRejection('UnreadableUpload', message);
