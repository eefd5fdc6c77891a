import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { contentManifest, manifestPrefix } from '#services/registry/contract.ts';
import { getText, putObject, s3Client } from '#shared/aws/objects.ts';
import { canonicalJson, sha256Hex } from '#shared/kernel/hash.ts';
import { formatS3Uri, type S3Location } from '#shared/kernel/s3-uri.ts';
import type { ContentObjects, ListedObject } from '../ports/content.ts';

export function createContentObjects(modelsBucket: string): ContentObjects {
  return {
    list: listBelow,
    hash: hashOf,
    async currentVersion({ bucket, key }) {
      const head = await orUndefined(s3Client().send(new HeadObjectCommand({ Bucket: bucket, Key: key })));
      return head && (head.VersionId ?? 'null');
    },
    text: (location) => getText(formatS3Uri(location)),
    writeManifest(manifest) {
      const text = canonicalJson(manifest);
      const key = `${manifestPrefix}${sha256Hex(text)}.json`;
      return putObject({ bucket: modelsBucket, key }, text, 'application/json');
    },
    readManifest: async (manifest) => contentManifest.parse(JSON.parse(await getText(manifest))),
  };
}

/** The object of exactly this key and those below it; S3 lists a longer neighbour (`model2` for `model`) between them. */
async function listBelow({ bucket, key }: S3Location, limit: number): Promise<ListedObject[]> {
  const found: ListedObject[] = [];
  let token: string | undefined;
  do {
    const page = await s3Client().send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: key, ContinuationToken: token }),
    );
    for (const { Key = '', Size = 0 } of page.Contents ?? [])
      if (Key === key || Key.startsWith(`${key}/`)) found.push({ key: Key, bytes: Size });
    token = page.NextContinuationToken;
  } while (token !== undefined && found.length < limit);
  return found.slice(0, limit);
}

async function hashOf({ bucket, key }: S3Location) {
  const object = await orUndefined(s3Client().send(new GetObjectCommand({ Bucket: bucket, Key: key })));
  if (!(object?.Body instanceof Readable)) return undefined;
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of object.Body as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.byteLength;
  }
  const { VersionId: versionId } = object;
  return { sha256: hash.digest('hex'), bytes, ...(versionId ? { versionId } : {}) };
}

/**
 * Undefined where there is no such object: 404, or 403 where the role may list keys of one prefix only. HeadObject's answer has no
 * body and so no code but the status's.
 */
async function orUndefined<Result>(answer: Promise<Result>): Promise<Result | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof S3ServiceException && isAbsence(error)) return undefined;
    throw error;
  }
}

const isAbsence = ({ $metadata: { httpStatusCode } }: S3ServiceException): boolean =>
  httpStatusCode === 404 || httpStatusCode === 403;
