import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { expect } from 'vitest';
import type { WireSuite } from '../suite.ts';
import { freshKey, get, put, readText, type S3Subject } from './subject.ts';

const md5 = (content: string | Buffer) => createHash('md5').update(content).digest('hex');
const wrongChecksums = [
  ['CRC32', 'AAAAAA=='],
  ['CRC32C', 'AAAAAA=='],
  ['CRC64NVME', 'AAAAAAAAAAA='],
  ['SHA1', 'AAAAAAAAAAAAAAAAAAAAAAAAAAA='],
  ['SHA256', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='],
] as const;

/** Objects: content, checksums, tags, deletion, presigned addresses, errors. */
export const objectSuite: WireSuite<S3Subject> = {
  'gives an object back with content, metadata and ETag': async (subject) => {
    const key = freshKey('ä b+c.txt');
    const answer = await put(subject, key, 'hello', {
      ContentType: 'text/plain',
      CacheControl: 'no-store',
      Metadata: { origin: 'test' },
    });
    expect(answer.ETag).toBe(`"${md5('hello')}"`);
    const object = await get(subject, key);
    expect(await object.Body?.transformToString()).toBe('hello');
    expect(object).toMatchObject({
      ETag: answer.ETag,
      ContentType: 'text/plain',
      CacheControl: 'no-store',
      ContentLength: 5,
      Metadata: { origin: 'test' },
      LastModified: expect.any(Date),
    });
  },

  'encrypts by itself': async (subject) => {
    expect((await put(subject, freshKey(), 'x')).ServerSideEncryption).toBe('AES256');
  },

  'keeps the checksum that the SDK sends': async (subject) => {
    const key = freshKey();
    await put(subject, key, 'hello');
    const checksum = { ChecksumCRC32: 'NhCmhg==', ChecksumType: 'FULL_OBJECT' };
    expect(await get(subject, key, { ChecksumMode: 'ENABLED' })).toMatchObject(checksum);
  },

  'describes an object by its attributes': async (subject) => {
    const Key = freshKey();
    const { ETag } = await put(subject, Key, 'hello');
    const attributes = await subject.client.send(
      new GetObjectAttributesCommand({
        Bucket: subject.bucket,
        Key,
        ObjectAttributes: ['ETag', 'ObjectSize', 'Checksum'],
      }),
    );
    expect(attributes).toMatchObject({
      ETag: ETag?.replaceAll('"', ''),
      ObjectSize: 5,
      Checksum: { ChecksumCRC32: 'NhCmhg==' },
    });
  },

  'stores a stream in chunks with a trailing checksum whole': async (subject) => {
    const body = Buffer.alloc(3 * 1024 * 1024, 'abcdefg');
    const key = freshKey();
    const stream = Readable.from([body.subarray(0, 70_001), body.subarray(70_001)]);
    await put(subject, key, stream, { ContentLength: body.length });
    const back = await (await get(subject, key)).Body?.transformToByteArray();
    expect(md5(Buffer.from(back ?? []))).toBe(md5(body));
  },

  ...Object.fromEntries(
    wrongChecksums.map(([algorithm, wrong]) => [
      `refuses a wrong ${algorithm} and takes the right one`,
      async (subject: S3Subject) => {
        const key = freshKey();
        await expect(put(subject, key, 'x', { [`Checksum${algorithm}`]: wrong })).rejects.toMatchObject({
          name: 'BadDigest',
        });
        await expect(get(subject, key)).rejects.toMatchObject({ name: 'NoSuchKey' });
        const answer = await put(subject, key, 'x', { ChecksumAlgorithm: algorithm });
        expect(answer[`Checksum${algorithm}`]).toEqual(expect.any(String));
      },
    ]),
  ),

  'refuses a wrong Content-MD5': async (subject) => {
    const ContentMD5 = createHash('md5').update('other').digest('base64');
    await expect(put(subject, freshKey(), 'x', { ContentMD5 })).rejects.toMatchObject({ name: 'BadDigest' });
  },

  'says NoSuchKey to GET, 404 to HEAD and NoSuchBucket': async (subject) => {
    const { client, bucket: Bucket } = subject;
    await expect(get(subject, freshKey())).rejects.toMatchObject({
      name: 'NoSuchKey',
      $metadata: { httpStatusCode: 404 },
    });
    const head = new HeadObjectCommand({ Bucket, Key: freshKey() });
    await expect(client.send(head)).rejects.toMatchObject({ name: 'NotFound' });
    const nowhere = new GetObjectCommand({ Bucket: 'wire-nowhere', Key: 'a' });
    await expect(client.send(nowhere)).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await expect(client.send(new HeadBucketCommand({ Bucket: 'wire-nowhere' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 404 },
    });
  },

  'refuses a key of more than 1024 bytes': async (subject) => {
    await expect(put(subject, 'k'.repeat(1025), 'x')).rejects.toMatchObject({ name: 'KeyTooLongError' });
  },

  'replaces and gives tags': async (subject) => {
    const { client, bucket: Bucket } = subject;
    const Key = freshKey();
    await put(subject, Key, 'x', { Tagging: 'a=1&b=2' });
    expect((await get(subject, Key)).TagCount).toBe(2);
    const TagSet = [{ Key: 'k', Value: 'v + w' }];
    await client.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet } }));
    const tags = await client.send(new GetObjectTaggingCommand({ Bucket, Key }));
    expect(tags.TagSet).toEqual(TagSet);
  },

  'deletes one object or many, there or not': async (subject) => {
    const { client, bucket: Bucket } = subject;
    const [one, two, never] = [freshKey(), freshKey(), freshKey()];
    await put(subject, one, 'x');
    await put(subject, two, 'x');
    await client.send(new DeleteObjectCommand({ Bucket, Key: one }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: one }));
    const Objects = [{ Key: two }, { Key: never }];
    const { Deleted } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted?.map(({ Key }) => Key).sort()).toEqual([two, never].sort());
    await expect(get(subject, two)).rejects.toMatchObject({ name: 'NoSuchKey' });
  },

  'takes and gives objects by presigned addresses': async (subject) => {
    const object = { Bucket: subject.bucket, Key: freshKey('a b.csv') };
    const putUrl = await getSignedUrl(subject.client, new PutObjectCommand(object), { expiresIn: 60 });
    expect((await fetch(putUrl, { method: 'PUT', body: 'by address' })).status).toBe(200);
    const named = { ...object, ResponseContentDisposition: 'attachment; filename="a.csv"' };
    const getUrl = await getSignedUrl(subject.client, new GetObjectCommand(named), { expiresIn: 60 });
    const answer = await fetch(getUrl);
    expect(await answer.text()).toBe('by address');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="a.csv"');
  },

  'refuses a presigned address that is used for another object or too late': async (subject) => {
    const key = freshKey();
    await put(subject, key, 'x');
    const read = new GetObjectCommand({ Bucket: subject.bucket, Key: key });
    const url = await getSignedUrl(subject.client, read, { expiresIn: 60 });
    expect((await fetch(url.replace('/object?', '/other?'))).status).toBe(403);
    const signingDate = new Date(Date.now() - 3_600_000);
    const late = await getSignedUrl(subject.client, read, { expiresIn: 60, signingDate });
    const answer = await fetch(late);
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('expired')]);
  },

  'reads the object that stands there, whatever the case of its key': async (subject) => {
    const key = freshKey();
    await put(subject, `${key}/Name`, 'upper');
    await put(subject, `${key}/name`, 'lower');
    expect(await readText(subject, `${key}/Name`)).toBe('upper');
  },
};
