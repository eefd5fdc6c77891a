import { randomBytes } from 'node:crypto';
import { AwsError } from '../emulated-service.ts';
import type { RunningUpload } from './bucket-state.ts';
import type { S3Call, S3Operation } from './call.ts';
import { type ChecksumAlgorithm, headerOf, memberOf, readChecksumAlgorithm } from './checksums.ts';
import { checkKey } from './key-rules.ts';
import { encryptionHeaders, readDescription } from './object-headers.ts';
import { parseRange } from './read-object.ts';
import type { Checksum, Upload, UploadedPart } from './types.ts';
import { type ReceivedContent, receiveBody } from './upload-body.ts';
import { copySource } from './write-object.ts';
import { xmlResponse } from './xml.ts';

const maxPartNumber = 10_000;
const maxPartBytes = 5 * 1024 ** 3;

export const createMultipartUpload: S3Operation = async ({ request, bucket, key, context }) => {
  checkKey(key);
  const checksum = readUploadChecksum(request.headers);
  const upload: Upload = {
    uploadId: randomBytes(48).toString('base64url'),
    key,
    initiatedMs: context.now(),
    description: readDescription(request.headers, bucket.settings.encryption),
    ...(checksum === undefined ? {} : { checksum }),
  };
  bucket.startUpload(upload);
  return xmlResponse(
    'InitiateMultipartUploadResult',
    { Bucket: bucket.name, Key: key, UploadId: upload.uploadId },
    {
      ...encryptionHeaders(upload.description.encryption),
      ...(checksum && {
        'x-amz-checksum-algorithm': checksum.algorithm,
        'x-amz-checksum-type': checksum.type,
      }),
    },
  );
};

export const uploadPart: S3Operation = async (call) => {
  const { upload } = findUpload(call);
  const partNumber = readPartNumber(call);
  const received = await receiveBody(call.request, call.bucket.content, upload.checksum?.algorithm);
  const part = addPart(call, upload, partNumber, received);
  const checksum = received.checksum;
  return {
    status: 200,
    headers: {
      etag: `"${part.etag}"`,
      ...(checksum === undefined ? {} : { [headerOf(checksum.algorithm)]: checksum.value }),
      ...encryptionHeaders(upload.description.encryption),
    },
  };
};

export const uploadPartCopy: S3Operation = async (call) => {
  const { upload } = findUpload(call);
  const partNumber = readPartNumber(call);
  const source = copySource(call);
  const header = call.request.headers['x-amz-copy-source-range'];
  const range = header === undefined ? undefined : parseRange(header, source.version.sizeBytes);
  const content = await source.bucket.content.read(source.version.content, range);
  const algorithm = upload.checksum?.algorithm;
  const stored = await call.bucket.content.write(
    content,
    algorithm === undefined ? [] : [algorithm],
    maxPartBytes,
  );
  const value = algorithm && stored.checksums[algorithm];
  const part = addPart(
    call,
    upload,
    partNumber,
    algorithm && value ? { ...stored, checksum: { algorithm, value } } : stored,
  );
  return xmlResponse('CopyPartResult', {
    ETag: `"${part.etag}"`,
    LastModified: new Date(part.lastModifiedMs).toISOString(),
    ...(algorithm && value ? { [memberOf(algorithm)]: value } : {}),
  });
};

export const abortMultipartUpload: S3Operation = async (call) => {
  call.bucket.abortUpload(findUpload(call).upload.uploadId);
  return { status: 204 };
};

/** The upload that `uploadId` names; throws NoSuchUpload. */
export function findUpload({ request, bucket, key }: S3Call): RunningUpload {
  const running = bucket.uploads.get(request.query.get('uploadId') ?? '');
  if (running?.upload.key === key) return running;
  throw new AwsError(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    404,
  );
}

function addPart(call: S3Call, upload: Upload, partNumber: number, received: ReceivedContent): UploadedPart {
  const { file, sizeBytes, md5, checksum } = received;
  const part: UploadedPart = {
    partNumber,
    file,
    sizeBytes,
    etag: md5,
    lastModifiedMs: call.context.now(),
    ...(checksum === undefined ? {} : { checksum: checksum.value }),
  };
  try {
    findUpload(call);
  } catch (error) {
    // Aborted or completed while the body came in.
    call.bucket.content.remove([part]);
    throw error;
  }
  call.bucket.addPart(upload.uploadId, part);
  return part;
}

function readPartNumber({ request }: S3Call): number {
  const partNumber = Number(request.query.get('partNumber'));
  if (Number.isInteger(partNumber) && partNumber >= 1 && partNumber <= maxPartNumber) return partNumber;
  throw new AwsError(
    'InvalidArgument',
    'Part number must be an integer between 1 and 10000, inclusive',
    400,
    {
      ArgumentName: 'partNumber',
      ArgumentValue: String(request.query.get('partNumber')),
    },
  );
}

/** CRC64NVME is always one of the full object, SHA always composite; the other CRCs may be either. */
function readUploadChecksum(
  headers: S3Call['request']['headers'],
): { algorithm: ChecksumAlgorithm; type: Checksum['type'] } | undefined {
  const name = headers['x-amz-checksum-algorithm'];
  if (name === undefined) return undefined;
  const algorithm = readChecksumAlgorithm(name);
  const byDefault = algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';
  const type = headers['x-amz-checksum-type'] ?? byDefault;
  const isAllowed =
    (type === 'FULL_OBJECT' && algorithm.startsWith('CRC')) ||
    (type === 'COMPOSITE' && algorithm !== 'CRC64NVME');
  if (isAllowed) return { algorithm, type: type as Checksum['type'] };
  throw new AwsError(
    'InvalidRequest',
    `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
  );
}
