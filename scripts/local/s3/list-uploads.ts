import type { S3Operation } from './call.ts';
import { memberOf } from './checksums.ts';
import { encodeKey, readListQuery } from './list-query.ts';
import { findUpload } from './multipart.ts';
import { xmlResponse } from './xml.ts';

export const listParts: S3Operation = async (call) => {
  const { upload, parts } = findUpload(call);
  const { maxKeys } = readListQuery(call.request.query, 'max-parts');
  const after = Number(call.request.query.get('part-number-marker') ?? 0);
  const all = [...parts.values()].sort((a, b) => a.partNumber - b.partNumber);
  const behind = all.filter(({ partNumber }) => partNumber > after);
  const page = behind.slice(0, maxKeys);
  const isTruncated = page.length < behind.length;
  return xmlResponse('ListPartsResult', {
    Bucket: call.bucket.name,
    Key: upload.key,
    UploadId: upload.uploadId,
    PartNumberMarker: after,
    NextPartNumberMarker: isTruncated ? page.at(-1)?.partNumber : undefined,
    MaxParts: maxKeys,
    IsTruncated: isTruncated,
    StorageClass: upload.description.storageClass,
    ...(upload.checksum && {
      ChecksumAlgorithm: upload.checksum.algorithm,
      ChecksumType: upload.checksum.type,
    }),
    Part: page.map((part) => ({
      PartNumber: part.partNumber,
      LastModified: new Date(part.lastModifiedMs).toISOString(),
      ETag: `"${part.etag}"`,
      Size: part.sizeBytes,
      ...(upload.checksum && part.checksum ? { [memberOf(upload.checksum.algorithm)]: part.checksum } : {}),
    })),
  });
};

export const listMultipartUploads: S3Operation = async ({ request, bucket }) => {
  const query = readListQuery(request.query, 'max-uploads');
  const keyMarker = request.query.get('key-marker') ?? '';
  const uploads = [...bucket.uploads.values()]
    .map(({ upload }) => upload)
    .filter(({ key }) => key.startsWith(query.prefix) && key > keyMarker)
    .sort((a, b) => (a.key === b.key ? a.initiatedMs - b.initiatedMs : a.key < b.key ? -1 : 1));
  const page = uploads.slice(0, query.maxKeys);
  const isTruncated = page.length < uploads.length;
  return xmlResponse('ListMultipartUploadsResult', {
    Bucket: bucket.name,
    KeyMarker: encodeKey(keyMarker, query),
    Prefix: encodeKey(query.prefix, query),
    MaxUploads: query.maxKeys,
    EncodingType: query.encodingType,
    IsTruncated: isTruncated,
    NextKeyMarker: isTruncated ? encodeKey(page.at(-1)?.key ?? '', query) : undefined,
    NextUploadIdMarker: isTruncated ? page.at(-1)?.uploadId : undefined,
    Upload: page.map((upload) => ({
      Key: encodeKey(upload.key, query),
      UploadId: upload.uploadId,
      Initiated: new Date(upload.initiatedMs).toISOString(),
      StorageClass: upload.description.storageClass,
    })),
  });
};
