import { CopyObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import type { WireSuite } from '../suite.ts';
import { freshKey, get, put, readText, type S3Subject } from './subject.ts';

const failed = { name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } };
const unchanged = { $metadata: { httpStatusCode: 304 } };
const ranges = [
  ['bytes=0-1', '01', 'bytes 0-1/10'],
  ['bytes=7-', '789', 'bytes 7-9/10'],
  ['bytes=-2', '89', 'bytes 8-9/10'],
  ['bytes=5-99', '56789', 'bytes 5-9/10'],
] as const;

/** Conditional writes and reads, ranges and copies. */
export const conditionSuite: WireSuite<S3Subject> = {
  'lets one of twenty racing writers create an object': async (subject) => {
    const key = freshKey();
    const writers = Array.from({ length: 20 }, (_unused, n) =>
      put(subject, key, `writer ${n}`, { IfNoneMatch: '*' }),
    );
    const results = await Promise.allSettled(writers);
    const winners = results.flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []));
    expect(winners).toHaveLength(1);
    expect(await readText(subject, key)).toBe(`writer ${winners[0]}`);
    const codes = results.flatMap((one) => (one.status === 'rejected' ? [one.reason.name] : []));
    // While another conditional write of the key is under way, S3 may answer with a conflict.
    for (const code of codes) expect(code).toMatch(/^(PreconditionFailed|ConditionalRequestConflict)$/);
  },

  'refuses to create an object that is there': async (subject) => {
    const key = freshKey();
    await put(subject, key, '1', { IfNoneMatch: '*' });
    await expect(put(subject, key, '2', { IfNoneMatch: '*' })).rejects.toMatchObject(failed);
    expect(await readText(subject, key)).toBe('1');
  },

  'replaces an object only where the ETag is the expected one': async (subject) => {
    const key = freshKey();
    const { ETag } = await put(subject, key, '1');
    await put(subject, key, '2', { IfMatch: ETag });
    await expect(put(subject, key, '3', { IfMatch: ETag })).rejects.toMatchObject(failed);
    expect(await readText(subject, key)).toBe('2');
  },

  'says NoSuchKey where a replaced object is not there': async (subject) => {
    await expect(put(subject, freshKey(), '1', { IfMatch: '"x"' })).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
  },

  'answers the conditions of a read': async (subject) => {
    const Key = freshKey();
    const { ETag } = await put(subject, Key, 'v');
    const { LastModified } = await subject.client.send(
      new HeadObjectCommand({ Bucket: subject.bucket, Key }),
    );
    await expect(get(subject, Key, { IfNoneMatch: ETag })).rejects.toMatchObject(unchanged);
    await expect(get(subject, Key, { IfModifiedSince: LastModified })).rejects.toMatchObject(unchanged);
    await expect(get(subject, Key, { IfMatch: '"other"' })).rejects.toMatchObject(failed);
    expect(await readText(subject, Key, { IfMatch: ETag })).toBe('v');
  },

  ...Object.fromEntries(
    ranges.map(([Range, expected, ContentRange]) => [
      `gives the range ${Range}`,
      async (subject: S3Subject) => {
        const key = freshKey();
        await put(subject, key, '0123456789');
        const answer = await get(subject, key, { Range });
        expect(await answer.Body?.transformToString()).toBe(expected);
        expect(answer).toMatchObject({ ContentRange, ContentLength: expected.length });
        expect(answer.$metadata.httpStatusCode).toBe(206);
      },
    ]),
  ),

  'has no bytes behind the end': async (subject) => {
    const key = freshKey();
    await put(subject, key, '0123456789');
    await expect(get(subject, key, { Range: 'bytes=10-' })).rejects.toMatchObject({
      name: 'InvalidRange',
      $metadata: { httpStatusCode: 416 },
    });
  },

  'copies an object with its metadata, or with other metadata': async (subject) => {
    const [from, to] = [freshKey('a b'), freshKey()];
    const { bucket: Bucket, client } = subject;
    await put(subject, from, 'content', { Metadata: { a: '1' }, ContentType: 'text/csv' });
    const copy = (more: object) =>
      client.send(
        new CopyObjectCommand({ Bucket, Key: to, CopySource: `${Bucket}/${encodeURI(from)}`, ...more }),
      );
    expect((await copy({})).CopyObjectResult?.ETag).toBeDefined();
    expect(await get(subject, to)).toMatchObject({ Metadata: { a: '1' }, ContentType: 'text/csv' });
    await copy({ MetadataDirective: 'REPLACE', Metadata: { b: '2' } });
    expect((await get(subject, to)).Metadata).toEqual({ b: '2' });
    await expect(copy({ CopySourceIfMatch: '"x"' })).rejects.toMatchObject(failed);
  },

  'refuses to copy an object onto itself without a change': async (subject) => {
    const Key = freshKey();
    const { bucket: Bucket, client } = subject;
    await put(subject, Key, 'x');
    const same = new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${Key}` });
    await expect(client.send(same)).rejects.toMatchObject({ name: 'InvalidRequest' });
  },
};
