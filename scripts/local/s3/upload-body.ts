import type { Readable } from 'node:stream';
import { AwsError, type AwsRequest } from '../emulated-service.ts';
import { AwsChunkedDecoder } from './aws-chunked.ts';
import { type ChecksumAlgorithm, checksumAlgorithms, headerOf, readChecksumAlgorithm } from './checksums.ts';
import type { ContentStore, StoredContent } from './content-store.ts';

/** Larger objects must be uploaded in parts; also the largest part. */
const maxUploadBytes = 5 * 1024 ** 3;

/** Content that was received whole, with the checksum that the client vouched for. */
export interface ReceivedContent extends StoredContent {
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
}

/**
 * Receives the body of PutObject or UploadPart into a content file. Throws BadDigest, and keeps nothing, when a checksum or
 * Content-MD5 that the client sent, as a header or behind the body, is not that of the bytes.
 * @param fallback algorithm that is calculated where the client names none
 */
export async function receiveBody(
  request: AwsRequest,
  content: ContentStore,
  fallback?: ChecksumAlgorithm,
): Promise<ReceivedContent> {
  const algorithm = announcedAlgorithm(request.headers) ?? fallback;
  const decoder = isChunked(request.headers) ? new AwsChunkedDecoder() : undefined;
  const source: Readable = decoder === undefined ? request.stream : decode(request.stream, decoder);
  const stored = await content.write(source, algorithm === undefined ? [] : [algorithm], maxUploadBytes);
  try {
    checkLength(request.headers, stored.sizeBytes);
    checkMd5(request.headers['content-md5'], stored.md5);
    if (algorithm === undefined) return stored;
    const value = stored.checksums[algorithm] ?? '';
    const claimed = request.headers[headerOf(algorithm)] ?? decoder?.trailers[headerOf(algorithm)];
    if (claimed !== undefined && claimed !== value) throw badDigest(algorithm);
    return { ...stored, checksum: { algorithm, value } };
  } catch (error) {
    content.remove([stored]);
    throw error;
  }
}

/** The algorithm of the checksum that comes with the body, in a header or announced as a trailer. */
function announcedAlgorithm(headers: AwsRequest['headers']): ChecksumAlgorithm | undefined {
  const inHeader = checksumAlgorithms.find((algorithm) => headers[headerOf(algorithm)] !== undefined);
  if (inHeader !== undefined) return inHeader;
  const trailer = (headers['x-amz-trailer'] ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const inTrailer = checksumAlgorithms.find((algorithm) => trailer.includes(headerOf(algorithm)));
  if (inTrailer !== undefined) return inTrailer;
  const named = headers['x-amz-sdk-checksum-algorithm'];
  return named === undefined ? undefined : readChecksumAlgorithm(named);
}

function isChunked(headers: AwsRequest['headers']): boolean {
  return (
    (headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-') ||
    (headers['content-encoding'] ?? '').split(',').some((coding) => coding.trim() === 'aws-chunked')
  );
}

function decode(stream: Readable, decoder: AwsChunkedDecoder): Readable {
  stream.once('error', (error) => decoder.destroy(error));
  return stream.pipe(decoder);
}

function checkLength(headers: AwsRequest['headers'], sizeBytes: number): void {
  const announced = headers['x-amz-decoded-content-length'];
  if (announced === undefined || Number(announced) === sizeBytes) return;
  throw new AwsError(
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
  );
}

function checkMd5(header: string | undefined, md5: string): void {
  if (header === undefined) return;
  const claimed = Buffer.from(header, 'base64');
  if (claimed.length !== 16)
    throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  if (claimed.toString('hex') === md5) return;
  throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
}

function badDigest(algorithm: ChecksumAlgorithm): AwsError {
  return new AwsError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
}
