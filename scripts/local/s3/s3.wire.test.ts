import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventEntry } from '../emulated-service.ts';
import { type ServedServices, serveServices } from '../testing/serve-one.ts';
import { createS3 } from './index.ts';

const plain = 'plain-bucket';
const versioned = 'versioned-bucket';
const mebibyte = 1024 * 1024;

let served: ServedServices<readonly [ReturnType<typeof createS3>]>;
let s3: S3Client;
const events: EventEntry[] = [];

beforeAll(async () => {
  served = await serveServices([createS3], {
    apis: { events: { publish: async (entries) => void events.push(...entries) } },
  });
  s3 = new S3Client({
    endpoint: served.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  await declare(plain, {
    NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
  });
  await declare(versioned, { VersioningConfiguration: { Status: 'Enabled' } });
});
afterAll(async () => {
  s3.destroy();
  await served.close();
});

async function declare(BucketName: string, properties: object) {
  return await served.services[0].provision({
    stackName: 'test',
    logicalId: BucketName,
    type: 'AWS::S3::Bucket',
    properties: { BucketName, ...properties },
  });
}
const put = (Key: string, Body: string | Buffer | Readable, more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket: plain, Key, Body, ...more }));
const get = (Key: string, more: object = {}) =>
  s3.send(new GetObjectCommand({ Bucket: plain, Key, ...more }));
const textOf = async (Key: string, more: object = {}) =>
  await (await get(Key, more)).Body?.transformToString();

describe('buckets', () => {
  it('of the template are listed and described', async () => {
    const { Buckets } = await s3.send(new ListBucketsCommand());
    expect(Buckets?.map(({ Name }) => Name)).toEqual([plain, versioned]);
    expect((await s3.send(new HeadBucketCommand({ Bucket: plain }))).BucketRegion).toBe('us-east-1');
    expect(
      (await s3.send(new GetBucketLocationCommand({ Bucket: plain }))).LocationConstraint,
    ).toBeUndefined();
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket: versioned }))).Status).toBe('Enabled');
  });

  it('that are missing are named in the error', async () => {
    await expect(s3.send(new GetObjectCommand({ Bucket: 'nowhere', Key: 'a' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('refuse a property that would be ignored', async () => {
    await expect(declare('web', { WebsiteConfiguration: {} })).rejects.toMatchObject({
      name: 'UnsupportedResource',
      message: expect.stringContaining('WebsiteConfiguration'),
    });
  });
});

describe('objects', () => {
  it('come back with content, metadata and checksum', async () => {
    const answer = await put('dir/ä b+c.txt', 'hello', {
      ContentType: 'text/plain',
      CacheControl: 'no-store',
      Metadata: { origin: 'test' },
      Tagging: 'a=1&b=2',
    });
    expect(answer.ETag).toBe(`"${createHash('md5').update('hello').digest('hex')}"`);
    expect(answer.ServerSideEncryption).toBe('AES256');
    const object = await get('dir/ä b+c.txt', { ChecksumMode: 'ENABLED' });
    expect(await object.Body?.transformToString()).toBe('hello');
    expect(object).toMatchObject({
      ContentType: 'text/plain',
      CacheControl: 'no-store',
      ContentLength: 5,
      Metadata: { origin: 'test' },
      TagCount: 2,
      ChecksumCRC32: 'NhCmhg==',
      ChecksumType: 'FULL_OBJECT',
    });
    const attributes = await s3.send(
      new GetObjectAttributesCommand({
        Bucket: plain,
        Key: 'dir/ä b+c.txt',
        ObjectAttributes: ['ETag', 'ObjectSize', 'Checksum'],
      }),
    );
    expect(attributes).toMatchObject({ ObjectSize: 5, Checksum: { ChecksumCRC32: 'NhCmhg==' } });
  });

  it('arrive whole when they are streamed in chunks with a trailing checksum', async () => {
    const body = Buffer.alloc(3 * mebibyte, 'abcdefg');
    await put('streamed', Readable.from([body.subarray(0, 70_001), body.subarray(70_001)]), {
      ContentLength: body.length,
    });
    const back = await (await get('streamed')).Body?.transformToByteArray();
    expect(
      createHash('md5')
        .update(back ?? '')
        .digest('hex'),
    ).toBe(createHash('md5').update(body).digest('hex'));
  });

  it.each([
    ['CRC32', 'AAAAAA=='],
    ['CRC32C', 'AAAAAA=='],
    ['CRC64NVME', 'AAAAAAAAAAA='],
    ['SHA1', 'AAAAAAAAAAAAAAAAAAAAAAAAAAA='],
    ['SHA256', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='],
  ] as const)('are refused with a wrong %s and taken with the right one', async (algorithm, wrong) => {
    await expect(put('sum', 'x', { [`Checksum${algorithm}`]: wrong })).rejects.toMatchObject({
      name: 'BadDigest',
    });
    const answer = await put('sum', 'x', { ChecksumAlgorithm: algorithm });
    expect(answer[`Checksum${algorithm}`]).toEqual(expect.any(String));
  });

  it('are refused with a wrong Content-MD5', async () => {
    const ContentMD5 = createHash('md5').update('other').digest('base64');
    await expect(put('sum', 'x', { ContentMD5 })).rejects.toMatchObject({ name: 'BadDigest' });
  });

  it.each([
    ['bytes=0-1', '01', 'bytes 0-1/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=5-99', '56789', 'bytes 5-9/10'],
  ])('give the range %s', async (Range, expected, ContentRange) => {
    await put('ten', '0123456789');
    const answer = await get('ten', { Range });
    expect(await answer.Body?.transformToString()).toBe(expected);
    expect(answer).toMatchObject({ ContentRange, ContentLength: expected.length });
  });

  it('have no bytes behind their end', async () => {
    await expect(get('ten', { Range: 'bytes=10-' })).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  it('answer the conditions of a read', async () => {
    const { ETag } = await put('cond', 'v');
    const { LastModified } = await s3.send(new HeadObjectCommand({ Bucket: plain, Key: 'cond' }));
    await expect(get('cond', { IfNoneMatch: ETag })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    await expect(get('cond', { IfModifiedSince: LastModified })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    await expect(get('cond', { IfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect(await textOf('cond', { IfMatch: ETag })).toBe('v');
  });

  it('that are missing are NoSuchKey to GET and 404 to HEAD', async () => {
    await expect(get('missing')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(s3.send(new HeadObjectCommand({ Bucket: plain, Key: 'missing' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  it('are created by one of twenty racing writers', async () => {
    const writers = Array.from({ length: 20 }, () => put('race', 'x', { IfNoneMatch: '*' }));
    const results = await Promise.allSettled(writers);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const failed = results.find((result) => result.status === 'rejected');
    expect(failed?.reason).toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
  });

  it('are replaced only where the ETag is the expected one', async () => {
    const { ETag } = await put('swap', '1');
    await put('swap', '2', { IfMatch: ETag });
    await expect(put('swap', '3', { IfMatch: ETag })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(put('never', '1', { IfMatch: ETag })).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await textOf('swap')).toBe('2');
  });

  it('are copied with their metadata, or with other metadata', async () => {
    await put('from', 'content', { Metadata: { a: '1' }, ContentType: 'text/csv' });
    const copy = (more: object) =>
      s3.send(new CopyObjectCommand({ Bucket: plain, Key: 'to', CopySource: `${plain}/from`, ...more }));
    expect((await copy({})).CopyObjectResult?.ETag).toBeDefined();
    expect(await get('to')).toMatchObject({ Metadata: { a: '1' }, ContentType: 'text/csv' });
    await copy({ MetadataDirective: 'REPLACE', Metadata: { b: '2' } });
    expect((await get('to')).Metadata).toEqual({ b: '2' });
    await expect(copy({ CopySourceIfMatch: '"x"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(
      s3.send(new CopyObjectCommand({ Bucket: plain, Key: 'from', CopySource: `${plain}/from` })),
    ).rejects.toMatchObject({ name: 'InvalidRequest' });
  });

  it('carry tags that can be replaced', async () => {
    await put('tagged', 'x');
    const tags = [{ Key: 'k', Value: 'v & w' }];
    await s3.send(new PutObjectTaggingCommand({ Bucket: plain, Key: 'tagged', Tagging: { TagSet: tags } }));
    const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: plain, Key: 'tagged' }));
    expect(TagSet).toEqual(tags);
  });

  it('are deleted one by one or many at once', async () => {
    await Promise.all(['d1', 'd2', 'd3'].map((key) => put(key, 'x')));
    await s3.send(new DeleteObjectCommand({ Bucket: plain, Key: 'd1' }));
    const Objects = [{ Key: 'd2' }, { Key: 'd3' }, { Key: 'never-there' }];
    const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket: plain, Delete: { Objects } }));
    expect(Deleted).toHaveLength(3);
    await expect(get('d3')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('are read and written by presigned URLs', async () => {
    const command = { Bucket: plain, Key: 'presigned' };
    const putUrl = await getSignedUrl(s3, new PutObjectCommand(command), { expiresIn: 60 });
    expect((await fetch(putUrl, { method: 'PUT', body: 'by url' })).status).toBe(200);
    const getUrl = await getSignedUrl(s3, new GetObjectCommand(command), { expiresIn: 60 });
    expect(await (await fetch(getUrl)).text()).toBe('by url');
  });
});

describe('listings', () => {
  const keys = ['l/a', 'l/b/1', 'l/b/2', 'l/c/1', 'l/d', 'l/é & <x>'];
  beforeAll(async () => {
    await Promise.all(keys.map((key) => put(key, 'x')));
  });

  it('give all keys of a prefix in the order of their bytes', async () => {
    const { Contents, KeyCount } = await s3.send(new ListObjectsV2Command({ Bucket: plain, Prefix: 'l/' }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(keys);
    expect(KeyCount).toBe(6);
    const v1 = await s3.send(new ListObjectsCommand({ Bucket: plain, Prefix: 'l/', Marker: 'l/c/1' }));
    expect(v1.Contents?.map(({ Key }) => Key)).toEqual(keys.slice(4));
  });

  it('roll keys up at a delimiter, page by page', async () => {
    const seen: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(
        new ListObjectsV2Command({
          Bucket: plain,
          Prefix: 'l/',
          Delimiter: '/',
          MaxKeys: 2,
          ContinuationToken,
        }),
      );
      seen.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => `${Prefix}*`));
      seen.push(...(page.Contents ?? []).map(({ Key }) => String(Key)));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(seen.sort()).toEqual(['l/a', 'l/b/*', 'l/c/*', 'l/d', 'l/é & <x>']);
  });

  it('start behind a key and give nothing for zero keys', async () => {
    const after = await s3.send(
      new ListObjectsV2Command({ Bucket: plain, Prefix: 'l/', StartAfter: 'l/c/1', MaxKeys: 1 }),
    );
    expect(after).toMatchObject({ IsTruncated: true, Contents: [{ Key: 'l/d' }] });
    const none = await s3.send(new ListObjectsV2Command({ Bucket: plain, Prefix: 'l/', MaxKeys: 0 }));
    expect(none).toMatchObject({ IsTruncated: false, KeyCount: 0 });
  });
});

describe('versions', () => {
  const inVersioned = { Bucket: versioned, Key: 'doc' };

  it('are kept, found, hidden by a marker and deleted for good', async () => {
    const first = await s3.send(new PutObjectCommand({ ...inVersioned, Body: '1' }));
    const second = await s3.send(new PutObjectCommand({ ...inVersioned, Body: '2' }));
    expect(first.VersionId).not.toBe(second.VersionId);
    const old = await s3.send(new GetObjectCommand({ ...inVersioned, VersionId: first.VersionId }));
    expect(await old.Body?.transformToString()).toBe('1');

    const marker = await s3.send(new DeleteObjectCommand(inVersioned));
    expect(marker.DeleteMarker).toBe(true);
    await expect(s3.send(new GetObjectCommand(inVersioned))).rejects.toMatchObject({ name: 'NoSuchKey' });
    const listed = await s3.send(new ListObjectVersionsCommand({ Bucket: versioned }));
    expect(listed.Versions?.map(({ VersionId }) => VersionId)).toEqual([second.VersionId, first.VersionId]);
    expect(listed.DeleteMarkers).toMatchObject([{ VersionId: marker.VersionId, IsLatest: true }]);

    await s3.send(new DeleteObjectCommand({ ...inVersioned, VersionId: marker.VersionId }));
    const again = await s3.send(new GetObjectCommand(inVersioned));
    expect(again.VersionId).toBe(second.VersionId);
    await s3.send(new DeleteObjectCommand({ ...inVersioned, VersionId: second.VersionId }));
    expect((await s3.send(new HeadObjectCommand(inVersioned))).VersionId).toBe(first.VersionId);
  });

  it('page through a listing', async () => {
    for (const Body of ['a', 'b', 'c'])
      await s3.send(new PutObjectCommand({ Bucket: versioned, Key: 'p', Body }));
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket: versioned, Prefix: 'p', MaxKeys: 2 }));
    expect(page).toMatchObject({ IsTruncated: true, NextKeyMarker: 'p' });
    const rest = await s3.send(
      new ListObjectVersionsCommand({
        Bucket: versioned,
        Prefix: 'p',
        KeyMarker: page.NextKeyMarker,
        VersionIdMarker: page.NextVersionIdMarker,
      }),
    );
    expect(rest.Versions).toHaveLength(1);
  });
});

describe('multipart uploads', () => {
  const part = (PartNumber: number, UploadId: string | undefined, Body: Buffer | string) =>
    s3.send(new UploadPartCommand({ Bucket: plain, Key: 'multi', UploadId, PartNumber, Body }));

  it('make one object of their parts, with the ETag and the checksum of S3', async () => {
    const bodies = [Buffer.alloc(5 * mebibyte, 'a'), Buffer.from('tail')];
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({ Bucket: plain, Key: 'multi', ChecksumAlgorithm: 'CRC32' }),
    );
    const Parts = [];
    for (const [position, body] of bodies.entries()) {
      const { ETag, ChecksumCRC32 } = await part(position + 1, UploadId, body);
      Parts.push({ PartNumber: position + 1, ETag, ChecksumCRC32 });
    }
    const listed = await s3.send(new ListPartsCommand({ Bucket: plain, Key: 'multi', UploadId }));
    expect(listed.Parts?.map(({ Size }) => Size)).toEqual([5 * mebibyte, 4]);
    const done = await s3.send(
      new CompleteMultipartUploadCommand({
        Bucket: plain,
        Key: 'multi',
        UploadId,
        MultipartUpload: { Parts },
      }),
    );
    const md5s = bodies.map((body) => createHash('md5').update(body).digest());
    const expected = createHash('md5').update(Buffer.concat(md5s)).digest('hex');
    expect(done.ETag).toBe(`"${expected}-2"`);
    expect(done.ChecksumCRC32).toMatch(/-2$/);
    expect(await textOf('multi', { Range: `bytes=${5 * mebibyte - 2}-` })).toBe('aatail');
    expect(await textOf('multi', { PartNumber: 2 })).toBe('tail');
  });

  it('refuse small parts, wrong order and unknown parts', async () => {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: plain, Key: 'multi' }));
    const [one, two] = [await part(1, UploadId, 'small'), await part(2, UploadId, 'small')];
    const complete = (Parts: { PartNumber: number; ETag: string | undefined }[]) =>
      s3.send(
        new CompleteMultipartUploadCommand({
          Bucket: plain,
          Key: 'multi',
          UploadId,
          MultipartUpload: { Parts },
        }),
      );
    const [first, second] = [
      { PartNumber: 1, ETag: one.ETag },
      { PartNumber: 2, ETag: two.ETag },
    ];
    await expect(complete([first, second])).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await expect(complete([second, first])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete([{ PartNumber: 3, ETag: one.ETag }])).rejects.toMatchObject({
      name: 'InvalidPart',
    });
    const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket: plain }));
    expect(Uploads).toMatchObject([{ Key: 'multi', UploadId }]);
    await s3.send(new AbortMultipartUploadCommand({ Bucket: plain, Key: 'multi', UploadId }));
    await expect(part(3, UploadId, 'late')).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  it('carry a large stream by the managed uploader', async () => {
    const body = Buffer.alloc(12 * mebibyte, 'xyz');
    await new Upload({
      client: s3,
      params: { Bucket: plain, Key: 'large', Body: Readable.from([body]) },
    }).done();
    const { ContentLength, ETag } = await s3.send(new HeadObjectCommand({ Bucket: plain, Key: 'large' }));
    expect(ContentLength).toBe(body.length);
    expect(ETag).toMatch(/-3"$/);
  });
});

describe('notifications', () => {
  it('tell EventBridge of created and deleted objects, in the form of AWS', async () => {
    events.length = 0;
    const { ETag } = await put('note/a b.csv', 'abc');
    await s3.send(new DeleteObjectCommand({ Bucket: plain, Key: 'note/a b.csv' }));
    await expect.poll(() => events.length).toBe(2);
    expect(events[0]).toMatchObject({
      source: 'aws.s3',
      detailType: 'Object Created',
      resources: [`arn:aws:s3:::${plain}`],
      detail: {
        version: '0',
        bucket: { name: plain },
        object: {
          key: 'note/a b.csv',
          size: 3,
          etag: ETag?.replaceAll('"', ''),
          sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
        },
        'request-id': expect.any(String),
        requester: '000000000000',
        'source-ip-address': '127.0.0.1',
        reason: 'PutObject',
      },
    });
    expect(events[1]).toMatchObject({
      detailType: 'Object Deleted',
      detail: { reason: 'DeleteObject', 'deletion-type': 'Permanently Deleted' },
    });
    const sequencers = events.map(
      ({ detail }) => (detail as { object: { sequencer: string } }).object.sequencer,
    );
    expect(sequencers[0]?.localeCompare(sequencers[1] ?? '')).toBeLessThan(0);
  });
});
