import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { formatS3Uri, parseS3Uri, type S3Location } from '#shared/kernel/s3-uri.ts';

let client: S3Client | undefined;
/** The one S3 client of the process. */
export function s3Client(): S3Client {
  client ??= new S3Client({});
  return client;
}

/** Writes a small object and returns its claim check. The same key and content again changes nothing that anybody could see. */
export async function putObject(
  location: S3Location,
  content: string | Uint8Array,
  contentType: string,
): Promise<StoredObject> {
  const body = typeof content === 'string' ? Buffer.from(content) : content;
  await s3Client().send(
    new PutObjectCommand({
      Bucket: location.bucket,
      Key: location.key,
      Body: body,
      ContentType: contentType,
    }),
  );
  return { uri: formatS3Uri(location), sha256: sha256Hex(body), bytes: body.byteLength };
}

export function putJson(location: S3Location, value: unknown): Promise<StoredObject> {
  return putObject(location, JSON.stringify(value), 'application/json');
}

/** A file on local disk with its content’s hash and size. */
export interface LocalFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** Hashes a file on local disk, streaming. */
export async function measureFile(path: string): Promise<LocalFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.byteLength;
  }
  return { path, sha256: hash.digest('hex'), bytes };
}

/**
 * Streams a local file (at most 5 GB) to a content-addressed key, which S3 checks against the hash. An object that is there
 * already stays as it is: it has the same content. With `evenIfThere` it is written again, for when the one that is there may be about to go.
 */
export async function keepFile(
  location: S3Location,
  file: LocalFile,
  contentType: string,
  { evenIfThere = false }: { evenIfThere?: boolean } = {},
): Promise<StoredObject> {
  try {
    await s3Client().send(
      new PutObjectCommand({
        Bucket: location.bucket,
        Key: location.key,
        Body: createReadStream(file.path),
        ContentLength: file.bytes,
        ContentType: contentType,
        ChecksumSHA256: Buffer.from(file.sha256, 'hex').toString('base64'),
        ...(evenIfThere ? {} : { IfNoneMatch: '*' }),
      }),
    );
  } catch (error) {
    if (!(error instanceof S3ServiceException) || error.name !== 'PreconditionFailed') throw error;
  }
  return { uri: formatS3Uri(location), sha256: file.sha256, bytes: file.bytes };
}

/** Which write of an object: its version, or, where the bucket keeps none, the one with this ETag. */
interface WriteOf {
  readonly versionId?: string | undefined;
  readonly ifMatch?: string | undefined;
}

async function bodyOf(uri: string, { versionId, ifMatch }: WriteOf = {}): Promise<Readable> {
  const { bucket, key } = parseS3Uri(uri);
  const { Body } = await s3Client().send(
    new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      ...(versionId === undefined ? {} : { VersionId: versionId }),
      ...(ifMatch === undefined ? {} : { IfMatch: ifMatch }),
    }),
  );
  if (!(Body instanceof Readable))
    throw new AppError('unavailable', 'ObjectUnreadable', `S3 sent no body for ${uri}.`);
  return Body;
}

/** Reads an object whole, and checks it against its claim check when given one: throws ContentChanged when the bytes are others, ObjectGone when there are none. */
export async function getBytes(object: StoredObject | string): Promise<Buffer> {
  const uri = typeof object === 'string' ? object : object.uri;
  const chunks: Buffer[] = [];
  const body = await bodyOf(uri).catch((error: unknown) => throwIfGone(object, error));
  for await (const chunk of body) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  if (typeof object !== 'string') assertContent(object, sha256Hex(bytes));
  return bytes;
}

export async function getText(object: StoredObject | string): Promise<string> {
  return (await getBytes(object)).toString('utf8');
}

/** Streams an object, or one version of it, to a local file and returns its hash and size; checks it against the claim check when given one: throws ContentChanged, ObjectGone. */
export async function downloadTo(
  object: StoredObject | string,
  path: string,
  options: WriteOf = {},
): Promise<LocalFile> {
  const uri = typeof object === 'string' ? object : object.uri;
  const hash = createHash('sha256');
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.byteLength;
      done(null, chunk);
    },
  });
  const body = await bodyOf(uri, options).catch((error: unknown) => throwIfGone(object, error));
  await pipeline(body, meter, createWriteStream(path));
  const sha256 = hash.digest('hex');
  if (typeof object !== 'string') assertContent(object, sha256);
  return { path, sha256, bytes };
}

const downloadsAtOnce = 4;

/** Streams objects into a folder and answers their paths there by uri. Throws ContentChanged, ObjectGone. */
export async function downloadAll(
  objects: readonly StoredObject[],
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  const paths = new Map<string, string>();
  for (let from = 0; from < objects.length; from += downloadsAtOnce) {
    const batch = objects.slice(from, from + downloadsAtOnce).map(async (object, index) => {
      const path = join(folder, `object-${from + index}`);
      await downloadTo(object, path);
      paths.set(object.uri, path);
    });
    await Promise.all(batch);
  }
  return paths;
}

/** S3 says so of an object that is not there; it says AccessDenied where the role may not list the bucket. */
const namesOfGone = ['NoSuchKey', 'AccessDenied'];

/** What a claim check names was there: an erasure or a retention policy replaced it meanwhile, and who asks again finds what is there now. */
function throwIfGone(object: StoredObject | string, error: unknown): never {
  if (typeof object === 'string') throw error;
  if (!(error instanceof S3ServiceException) || !namesOfGone.includes(error.name)) throw error;
  throw new AppError(
    'unavailable',
    'ObjectGone',
    `${object.uri} was deleted meanwhile, or this function may not read it: S3 answered ${error.name}. Ask again for what is there now.`,
    {},
    { cause: error },
  );
}

function assertContent(expected: StoredObject, sha256: string): void {
  if (expected.sha256 === sha256) return;
  throw new AppError(
    'precondition_failed',
    'ContentChanged',
    `${expected.uri} has SHA-256 ${sha256}, recorded was ${expected.sha256}: the object was replaced or damaged. Restore the recorded version.`,
    { uri: expected.uri, expected: expected.sha256, actual: sha256 },
  );
}
