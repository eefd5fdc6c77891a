import { DeleteObjectsCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { s3Client } from '#shared/aws/objects.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { Erasure } from '../ports/erasure.ts';

/** What S3 lists, and deletes, at once. */
const maxPageObjects = 1000;

/** Removes all versions of the objects below a prefix: the bucket keeps those that are merely deleted. */
export const objectErasure = (bucket: string, prefix: string): Erasure => ({
  async erase(most) {
    const client = s3Client();
    const page = await client.send(
      new ListObjectVersionsCommand({
        Bucket: bucket,
        Prefix: prefix,
        MaxKeys: Math.min(most, maxPageObjects),
      }),
    );
    const found = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    if (found.length === 0) return 0;
    const Objects = found.map(({ Key, VersionId }) => ({ Key: Key!, VersionId: VersionId! }));
    const { Errors = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
    );
    const [failed] = Errors;
    if (failed) {
      const message = `S3 kept ${Errors.length} of ${found.length} objects below ${prefix} (${failed.Key}: ${failed.Code}). Try again.`;
      throw new AppError('unavailable', 'ObjectsNotDeleted', message);
    }
    return found.length;
  },
});
