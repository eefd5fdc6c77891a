import { GetObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { s3Client } from '#shared/aws/objects.ts';
import type { Incoming, ListedObject } from '../ports.ts';

/** The uploads bucket, listed: S3's listings are strongly consistent, its events are not. */
export function createIncoming(bucket: string): Incoming {
  return {
    bucket,
    async *list(prefix) {
      let from: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
      while (from) {
        const page: ListVersionsOutput = await s3Client().send(
          new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...from }),
        );
        yield (page.Versions ?? []).flatMap(toListed);
        from = page.IsTruncated
          ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
          : undefined;
      }
    },
    async text({ key, versionId }) {
      const { Body } = await s3Client().send(
        new GetObjectCommand({ Bucket: bucket, Key: key, ...(versionId ? { VersionId: versionId } : {}) }),
      );
      return (await Body?.transformToString()) ?? '';
    },
  };
}

type ListVersionsOutput = import('@aws-sdk/client-s3').ListObjectVersionsCommandOutput;

function toListed(version: NonNullable<ListVersionsOutput['Versions']>[number]): ListedObject[] {
  const { Key, VersionId, ETag, Size, LastModified, IsLatest } = version;
  if (!IsLatest || Key === undefined) return [];
  return [
    {
      key: Key,
      ...(VersionId && VersionId !== 'null' ? { versionId: VersionId } : {}),
      etag: ETag ?? '',
      bytes: Size ?? 0,
      writtenAt: LastModified ?? new Date(0),
    },
  ];
}
