import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { incomingPrefix } from '../contract.ts';
import type { DatasetStore, MultipartUploads, Projects } from '../ports.ts';
import { validSeconds } from './create-upload.ts';
import { type UploadTarget, uploadTarget } from './upload-target.ts';

/** A file of 5 GiB has 640 parts, and what a broken connection costs is small. S3 takes parts of 5 MiB and more, 10,000 at most. */
export const partBytes = 8_388_608;

export interface MultipartDeps {
  readonly store: DatasetStore;
  readonly projects: Projects;
  readonly multipart: MultipartUploads;
  readonly ids: IdGenerator;
}

/** An upload that the platform began. */
export interface BegunUpload {
  readonly project: string;
  readonly key: string;
  readonly uploadId: string;
}

/** Begins an upload in parts, for whoever asks. Throws as `uploadTarget` does. */
export async function createMultipartUpload(
  deps: MultipartDeps,
  { requestedBy, ...target }: UploadTarget & { requestedBy: string },
) {
  const key = await uploadTarget(deps, target);
  const uploadId = await deps.multipart.begin(key);
  await deps.store.rememberRequester({ key, requestedBy, multipart: { uploadId, bytes: target.bytes } });
  return { key, uploadId, bucket: deps.multipart.bucket, partBytes, parts: partsOf(target.bytes) };
}

/** Addresses for parts, each of which takes exactly its bytes, and the parts that are there. Throws UploadNotFound, InvalidPartNumber. */
export async function signUploadParts(
  deps: MultipartDeps,
  upload: BegunUpload & { readonly partNumbers: readonly number[] },
) {
  const bytes = await declaredBytes(deps, upload);
  const last = partsOf(bytes);
  const beyond = upload.partNumbers.find((partNumber) => partNumber > last);
  if (beyond !== undefined) {
    throw new AppError(
      'invalid_input',
      'InvalidPartNumber',
      `The upload has parts 1 to ${last} for its ${bytes} bytes; ${beyond} is none.`,
    );
  }
  const [uploaded, parts] = await Promise.all([
    deps.multipart.parts(upload),
    Promise.all(
      upload.partNumbers.map(async (partNumber) => ({
        partNumber,
        url: await deps.multipart.signPart({
          ...upload,
          partNumber,
          bytes: bytesOfPart(partNumber, bytes),
          validSeconds,
        }),
      })),
    ),
  ]);
  return { parts, uploaded: [...uploaded] };
}

/** Puts the parts together. Throws UploadNotFound, and UploadIncomplete, naming parts, where some are not there. */
export async function completeMultipartUpload(deps: MultipartDeps, upload: BegunUpload) {
  const bytes = await declaredBytes(deps, upload);
  const parts = await deps.multipart.parts(upload);
  const there = new Map(parts.map((part) => [part.partNumber, part.bytes]));
  const missing = Array.from({ length: partsOf(bytes) }, (_none, index) => index + 1).filter(
    (partNumber) => there.get(partNumber) !== bytesOfPart(partNumber, bytes),
  );
  if (missing.length > 0) {
    throw new AppError(
      'precondition_failed',
      'UploadIncomplete',
      `${missing.length} of ${partsOf(bytes)} parts are missing or have another size: ${missing.slice(0, 20).join(', ')}. Upload them, then complete again.`,
    );
  }
  await deps.multipart.complete({ ...upload, parts });
  return { key: upload.key, bytes };
}

const partsOf = (bytes: number): number => Math.ceil(bytes / partBytes);
const bytesOfPart = (partNumber: number, bytes: number): number =>
  Math.min(partBytes, bytes - (partNumber - 1) * partBytes);

/** Only what the platform began for the project: the key's owner is the project, whoever knows the id. */
async function declaredBytes(
  { store }: MultipartDeps,
  { project, key, uploadId }: BegunUpload,
): Promise<number> {
  const known = key.startsWith(`${incomingPrefix}${project}/`) ? await store.key(key) : undefined;
  if (known?.multipart?.uploadId === uploadId) return known.multipart.bytes;
  throw uploadNotFound(key);
}

export const uploadNotFound = (key: string): AppError =>
  new AppError(
    'not_found',
    'UploadNotFound',
    `No upload in parts of '${key}' is under way in this project: it was completed, forgotten after 7 days, or another began there. Begin a new one.`,
  );
