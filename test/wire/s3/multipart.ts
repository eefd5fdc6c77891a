import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { expect } from 'vitest';
import type { WireSuite } from '../suite.ts';
import { freshKey, get, put, readText, type S3Subject } from './subject.ts';

const mebibyte = 1024 * 1024;

/** An upload that has begun. */
async function begin({ client, bucket: Bucket }: S3Subject, more: object = {}) {
  const Key = freshKey();
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  const upload = { Bucket, Key, UploadId };
  return {
    upload,
    Key,
    part: (PartNumber: number, Body: Buffer | string) =>
      client.send(new UploadPartCommand({ ...upload, PartNumber, Body })),
    complete: (Parts: CompletedPart[], conditions: object = {}) =>
      client.send(
        new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...conditions }),
      ),
  };
}

/** Uploads in parts. */
export const multipartSuite: WireSuite<S3Subject> = {
  'makes one object of its parts, with the ETag of S3': async (subject) => {
    const bodies = [Buffer.alloc(5 * mebibyte, 'a'), Buffer.from('tail')];
    const { upload, Key, part, complete } = await begin(subject);
    const Parts: CompletedPart[] = [];
    for (const [position, body] of bodies.entries()) {
      Parts.push({ PartNumber: position + 1, ETag: (await part(position + 1, body)).ETag });
    }
    const listed = await subject.client.send(new ListPartsCommand(upload));
    expect(listed.Parts?.map(({ Size }) => Size)).toEqual([5 * mebibyte, 4]);
    await expect(get(subject, Key)).rejects.toMatchObject({ name: 'NoSuchKey' });
    const done = await complete(Parts);
    const md5s = bodies.map((body) => createHash('md5').update(body).digest());
    expect(done.ETag).toBe(`"${createHash('md5').update(Buffer.concat(md5s)).digest('hex')}-2"`);
    expect(await readText(subject, Key, { Range: `bytes=${5 * mebibyte - 2}-` })).toBe('aatail');
  },

  'reads a part of an object by its number': async (subject) => {
    const { Key, part, complete } = await begin(subject);
    const first = await part(1, Buffer.alloc(5 * mebibyte, 'a'));
    const second = await part(2, 'tail');
    await complete([
      { PartNumber: 1, ETag: first.ETag },
      { PartNumber: 2, ETag: second.ETag },
    ]);
    expect(await readText(subject, Key, { PartNumber: 2 })).toBe('tail');
  },

  'makes the checksum of an object from those of its parts': async (subject) => {
    const { part, complete } = await begin(subject, { ChecksumAlgorithm: 'CRC32' });
    const { ETag, ChecksumCRC32 } = await part(1, 'only');
    const done = await complete([{ PartNumber: 1, ETag, ChecksumCRC32 }]);
    expect(done.ChecksumCRC32).toMatch(/-1$/);
  },

  'replaces a part that is sent again': async (subject) => {
    const { Key, part, complete } = await begin(subject);
    await part(1, 'first');
    const { ETag } = await part(1, 'second');
    await complete([{ PartNumber: 1, ETag }]);
    expect(await readText(subject, Key)).toBe('second');
  },

  'refuses a part but the last that is smaller than 5 MiB': async (subject) => {
    const { part, complete } = await begin(subject);
    const [one, two] = [await part(1, 'small'), await part(2, 'small')];
    const parts = [
      { PartNumber: 1, ETag: one.ETag },
      { PartNumber: 2, ETag: two.ETag },
    ];
    await expect(complete(parts)).rejects.toMatchObject({ name: 'EntityTooSmall' });
  },

  'refuses parts in another order': async (subject) => {
    const { part, complete } = await begin(subject);
    const [one, two] = [await part(1, 'small'), await part(2, 'small')];
    const parts = [
      { PartNumber: 2, ETag: two.ETag },
      { PartNumber: 1, ETag: one.ETag },
    ];
    await expect(complete(parts)).rejects.toMatchObject({ name: 'InvalidPartOrder' });
  },

  'refuses parts that were never sent, or as something else': async (subject) => {
    const { part, complete } = await begin(subject);
    const { ETag } = await part(1, 'small');
    await expect(complete([{ PartNumber: 3, ETag }])).rejects.toMatchObject({ name: 'InvalidPart' });
    const other = `"${createHash('md5').update('other').digest('hex')}"`;
    await expect(complete([{ PartNumber: 1, ETag: other }])).rejects.toMatchObject({ name: 'InvalidPart' });
  },

  'forgets an upload that is given up': async (subject) => {
    const { client, bucket: Bucket } = subject;
    const { upload, Key, part } = await begin(subject);
    await part(1, 'x');
    const list = async () =>
      (await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }))).Uploads ?? [];
    expect(await list()).toMatchObject([{ Key, UploadId: upload.UploadId }]);
    await client.send(new AbortMultipartUploadCommand(upload));
    expect(await list()).toEqual([]);
    await expect(part(2, 'late')).rejects.toMatchObject({ name: 'NoSuchUpload' });
  },

  'refuses to complete what would replace an object that must not be there': async (subject) => {
    const { Key, part, complete } = await begin(subject);
    const { ETag } = await part(1, 'new');
    await put(subject, Key, 'there');
    await expect(complete([{ PartNumber: 1, ETag }], { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    expect(await readText(subject, Key)).toBe('there');
  },

  'carries a large stream by the managed uploader of the SDK': async (subject) => {
    const { client, bucket: Bucket } = subject;
    const Key = freshKey();
    const body = Buffer.alloc(12 * mebibyte, 'xyz');
    await new Upload({ client, params: { Bucket, Key, Body: Readable.from([body]) } }).done();
    const head = await client.send(new HeadObjectCommand({ Bucket, Key }));
    expect(head.ContentLength).toBe(body.length);
    expect(head.ETag).toMatch(/-3"$/);
  },
};
