import { createHash } from 'node:crypto';
import { AwsError } from '../emulated-service.ts';
import type { RunningUpload } from './bucket-state.ts';
import type { S3Call, S3Operation } from './call.ts';
import { compositeChecksum, headerOf, memberOf, startChecksum } from './checksums.ts';
import { findUpload } from './multipart.ts';
import { identityHeaders } from './object-headers.ts';
import { checkWrite } from './preconditions.ts';
import type { Checksum, ObjectVersion, UploadedPart } from './types.ts';
import { listOf, parseXml, xmlResponse } from './xml.ts';

const minPartBytes = 5 * 1024 ** 2;

export const completeMultipartUpload: S3Operation = async (call) => {
  const { request, bucket, key, context, notifications } = call;
  const running = findUpload(call);
  const parts = chooseParts(running, parseXml(await request.bytes(), 'CompleteMultipartUpload'));
  const checksum = await objectChecksum(call, running, parts);
  checkClaimed(call, checksum);
  // From here on nothing waits, so that the conditions hold when the object appears.
  findUpload(call);
  checkWrite(request.headers, key, bucket.current(key));
  const version: ObjectVersion = {
    kind: 'object',
    key,
    versionId: bucket.newVersionId(),
    lastModifiedMs: context.now(),
    etag: compositeEtag(parts),
    sizeBytes: parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    content: parts.map(({ file, sizeBytes }) => ({ file, sizeBytes })),
    ...running.upload.description,
    ...(checksum === undefined ? {} : { checksum }),
    parts: parts.map(({ partNumber, sizeBytes, checksum: own }) => ({
      partNumber,
      sizeBytes,
      ...(own === undefined ? {} : { checksum: own }),
    })),
  };
  const event = notifications.created(bucket, version, 'CompleteMultipartUpload', request);
  bucket.put(version, event, running.upload.uploadId);
  notifications.send(bucket, event);
  const { etag, ...headers } = identityHeaders(version);
  return xmlResponse(
    'CompleteMultipartUploadResult',
    {
      Location: `${context.awsUrl}/${bucket.name}/${encodeURIComponent(key)}`,
      Bucket: bucket.name,
      Key: key,
      ETag: etag,
      ...(checksum && { [memberOf(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type }),
    },
    headers,
  );
};

/** The parts that the request lists; throws InvalidPartOrder, InvalidPart or EntityTooSmall. */
function chooseParts({ upload, parts }: RunningUpload, body: Record<string, unknown>): UploadedPart[] {
  const listed = listOf(body['Part']);
  if (listed.length === 0) {
    throw new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
  }
  const numbers = listed.map(({ PartNumber }) => Number(PartNumber));
  if (numbers.some((number, position) => position > 0 && number <= (numbers[position - 1] ?? 0))) {
    throw new AwsError(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
    );
  }
  return listed.map((wanted, position) => {
    const part = parts.get(Number(wanted['PartNumber']));
    const etag = String(wanted['ETag'] ?? '')
      .replaceAll('"', '')
      .replaceAll('&quot;', '');
    const claimed = upload.checksum && wanted[memberOf(upload.checksum.algorithm)];
    if (part === undefined || part.etag !== etag || (claimed !== undefined && claimed !== part.checksum)) {
      throw new AwsError(
        'InvalidPart',
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        400,
        { UploadId: upload.uploadId, PartNumber: String(wanted['PartNumber']), ETag: etag },
      );
    }
    if (position < listed.length - 1 && part.sizeBytes < minPartBytes) {
      throw new AwsError(
        'EntityTooSmall',
        'Your proposed upload is smaller than the minimum allowed size',
        400,
        {
          ProposedSize: part.sizeBytes,
          MinSizeAllowed: minPartBytes,
          PartNumber: part.partNumber,
          ETag: part.etag,
        },
      );
    }
    return part;
  });
}

/** MD5 of the parts' MD5s and their number, as S3 makes it. */
function compositeEtag(parts: readonly UploadedPart[]): string {
  const md5 = createHash('md5');
  for (const { etag } of parts) md5.update(Buffer.from(etag, 'hex'));
  return `${md5.digest('hex')}-${parts.length}`;
}

async function objectChecksum(
  { bucket }: S3Call,
  { upload }: RunningUpload,
  parts: readonly UploadedPart[],
): Promise<Checksum | undefined> {
  if (upload.checksum === undefined) return undefined;
  const { algorithm, type } = upload.checksum;
  if (type === 'COMPOSITE') {
    const values = parts.map(({ checksum }) => checksum ?? '');
    return { algorithm, type, value: await compositeChecksum(algorithm, values) };
  }
  const checksum = startChecksum(algorithm);
  for await (const chunk of await bucket.content.read(parts)) checksum.update(chunk as Buffer);
  return { algorithm, type, value: await checksum.digest() };
}

function checkClaimed({ request }: S3Call, checksum: Checksum | undefined): void {
  const claimed = checksum && request.headers[headerOf(checksum.algorithm)];
  if (checksum === undefined || claimed === undefined || claimed === checksum.value) return;
  throw new AwsError(
    'BadDigest',
    `The ${checksum.algorithm} you specified did not match the calculated checksum.`,
  );
}
