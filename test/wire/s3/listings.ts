import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import type { WireSuite } from '../suite.ts';
import { freshKey, put, type S3Subject } from './subject.ts';

const names = ['a', 'b/1', 'b/2', 'c/1', 'd', 'é & <x>'];

/** Writes objects below a prefix of their own. */
async function writeNames(subject: S3Subject): Promise<string> {
  const prefix = freshKey('');
  await Promise.all(names.map((name) => put(subject, prefix + name, 'x')));
  return prefix;
}
const list = (
  { client, bucket: Bucket }: S3Subject,
  input: Omit<ListObjectsV2CommandInput, 'Bucket'>,
): Promise<ListObjectsV2CommandOutput> => client.send(new ListObjectsV2Command({ Bucket, ...input }));
const version = ({ client, versioned: Bucket }: S3Subject, Key: string, Body: string) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body }));

/** Listings and versions. */
export const listingSuite: WireSuite<S3Subject> = {
  'lists the keys of a prefix in the order of their bytes': async (subject) => {
    const Prefix = await writeNames(subject);
    const { Contents, KeyCount, IsTruncated } = await list(subject, { Prefix });
    expect(Contents?.map(({ Key }) => Key)).toEqual(names.map((name) => Prefix + name));
    expect([KeyCount, IsTruncated]).toEqual([6, false]);
    expect(Contents?.[0]).toMatchObject({ Size: 1, ETag: expect.stringMatching(/^".{32}"$/) });
  },

  'goes on behind a marker in the older listing': async (subject) => {
    const Prefix = await writeNames(subject);
    const { client, bucket: Bucket } = subject;
    const page = await client.send(new ListObjectsCommand({ Bucket, Prefix, Marker: `${Prefix}c/1` }));
    expect(page.Contents?.map(({ Key }) => Key)).toEqual([`${Prefix}d`, `${Prefix}é & <x>`]);
  },

  'pages through a listing': async (subject) => {
    const Prefix = await writeNames(subject);
    const pages: number[] = [];
    const keys: unknown[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await list(subject, { Prefix, MaxKeys: 4, ContinuationToken });
      pages.push(page.KeyCount ?? 0);
      keys.push(...(page.Contents ?? []).map(({ Key }) => Key));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(pages).toEqual([4, 2]);
    expect(keys).toEqual(names.map((name) => Prefix + name));
  },

  'rolls keys up at a delimiter, page by page': async (subject) => {
    const Prefix = await writeNames(subject);
    const seen: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await list(subject, { Prefix, Delimiter: '/', MaxKeys: 2, ContinuationToken });
      seen.push(...(page.CommonPrefixes ?? []).map((one) => `${one.Prefix}*`));
      seen.push(...(page.Contents ?? []).map(({ Key }) => String(Key)));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    const expected = ['a', 'b/*', 'c/*', 'd', 'é & <x>'].map((name) => Prefix + name);
    expect(seen.sort()).toEqual(expected);
  },

  'starts behind a key': async (subject) => {
    const Prefix = await writeNames(subject);
    const after = await list(subject, { Prefix, StartAfter: `${Prefix}c/1`, MaxKeys: 1 });
    expect(after).toMatchObject({ IsTruncated: true, Contents: [{ Key: `${Prefix}d` }] });
  },

  'says that a bucket keeps versions': async ({ client, versioned: Bucket }) => {
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
  },

  'keeps versions, finds them and deletes them for good': async (subject) => {
    const { client, versioned: Bucket } = subject;
    const Key = freshKey();
    const [first, second] = [await version(subject, Key, '1'), await version(subject, Key, '2')];
    expect(first.VersionId).not.toBe(second.VersionId);
    const old = await client.send(new GetObjectCommand({ Bucket, Key, VersionId: first.VersionId }));
    expect(await old.Body?.transformToString()).toBe('1');
    await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId: second.VersionId }));
    expect((await client.send(new HeadObjectCommand({ Bucket, Key }))).VersionId).toBe(first.VersionId);
  },

  'hides an object behind a delete marker, which can be taken away': async (subject) => {
    const { client, versioned: Bucket } = subject;
    const Key = freshKey();
    const { VersionId } = await version(subject, Key, '1');
    const marker = await client.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(marker.DeleteMarker).toBe(true);
    await expect(client.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
    const listed = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
    expect(listed.Versions).toMatchObject([{ VersionId, IsLatest: false }]);
    expect(listed.DeleteMarkers).toMatchObject([{ VersionId: marker.VersionId, IsLatest: true }]);
    await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId: marker.VersionId }));
    expect((await client.send(new HeadObjectCommand({ Bucket, Key }))).VersionId).toBe(VersionId);
  },

  'pages through versions, newest first': async (subject) => {
    const { client, versioned: Bucket } = subject;
    const Prefix = freshKey();
    const made: unknown[] = [];
    for (const body of ['a', 'b', 'c']) made.unshift((await version(subject, Prefix, body)).VersionId);
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix, MaxKeys: 2 }));
    expect(page).toMatchObject({ IsTruncated: true, NextKeyMarker: Prefix });
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page;
    const rest = await client.send(
      new ListObjectVersionsCommand({ Bucket, Prefix, KeyMarker, VersionIdMarker }),
    );
    const seen = [...(page.Versions ?? []), ...(rest.Versions ?? [])].map(({ VersionId }) => VersionId);
    expect(seen).toEqual(made);
  },
};
