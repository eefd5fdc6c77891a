import { DeleteObjectsCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import type { ObjectVersionRef, ObjectVersions } from '#shared/contracts/object-versions.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { parseS3Uri } from '#shared/kernel/s3-uri.ts';
import { s3Client } from './objects.ts';

/** What S3 deletes at once. */
const maxDeletes = 1000;

/** S3 versions in the buckets of the platform. */
export const objectVersions: ObjectVersions = {
  async list(uris) {
    const found: ObjectVersionRef[] = [];
    for (const uri of new Set(uris)) {
      const { bucket, key } = parseS3Uri(uri);
      for await (const ref of versionsOf(bucket, key)) found.push(ref);
    }
    return found;
  },
  async remove(objects) {
    const byBucket = Map.groupBy(objects, ({ bucket }) => bucket);
    for (const [bucket, refs] of byBucket) {
      for (let start = 0; start < refs.length; start += maxDeletes)
        await removeBatch(bucket, refs.slice(start, start + maxDeletes));
    }
  },
};

/** A listing is by prefix: keys that merely begin like this one are left out. */
async function* versionsOf(bucket: string, key: string): AsyncGenerator<ObjectVersionRef> {
  let markers: { KeyMarker?: string; VersionIdMarker?: string } = {};
  for (;;) {
    const page = await s3Client().send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, ...markers }),
    );
    for (const { Key, VersionId, IsLatest } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])])
      if (Key === key) yield { bucket, key, versionId: VersionId!, isLatest: IsLatest === true };
    const isPast = (page.NextKeyMarker ?? '') > key;
    if (!page.IsTruncated || isPast) return;
    markers = {
      KeyMarker: page.NextKeyMarker!,
      ...(page.NextVersionIdMarker ? { VersionIdMarker: page.NextVersionIdMarker } : {}),
    };
  }
}

async function removeBatch(bucket: string, refs: readonly ObjectVersionRef[]): Promise<void> {
  const Objects = refs.map(({ key, versionId }) => ({ Key: key, VersionId: versionId }));
  const { Errors = [] } = await s3Client().send(
    new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
  );
  const [failed] = Errors;
  if (!failed) return;
  const message = `S3 kept ${Errors.length} of ${refs.length} objects of ${bucket} (${failed.Key}: ${failed.Code}). Try again.`;
  throw new AppError('unavailable', 'ObjectsNotDeleted', message);
}
