import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  type ListObjectVersionsCommandOutput,
  type ObjectIdentifier,
  type S3Client,
} from '@aws-sdk/client-s3';
import { AppError } from '#shared/kernel/errors.ts';
import { parseS3Uri } from '#shared/kernel/s3-uri.ts';
import type { Copies } from '../ports.ts';
import { versionFolder } from './documents.ts';

/** Objects of the data bucket with all their S3 versions. */
export function createCopies(client: S3Client, dataBucket: string): Copies {
  const versionsBelow = async function* (prefix: string): AsyncIterable<ObjectIdentifier & { Key: string }> {
    let from: Marker | undefined = {};
    while (from) {
      const page: ListObjectVersionsCommandOutput = await client.send(
        new ListObjectVersionsCommand({ Bucket: dataBucket, Prefix: prefix, ...from }),
      );
      for (const { Key, VersionId } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])])
        if (Key !== undefined) yield { Key, ...(VersionId === undefined ? {} : { VersionId }) };
      from = page.IsTruncated
        ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
        : undefined;
    }
  };
  const remove = async (objects: readonly ObjectIdentifier[]): Promise<void> => {
    if (objects.length === 0) return;
    const { Errors = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket: dataBucket, Delete: { Objects: [...objects], Quiet: true } }),
    );
    const [first] = Errors;
    if (first)
      throw new AppError(
        'unavailable',
        'ObjectNotDeleted',
        `S3 did not delete ${Errors.length} objects, the first ${first.Key}: ${first.Code} ${first.Message}.`,
      );
  };
  return {
    async deleteAllBut({ project, datasetVersion }, kept, former) {
      const keptKeys = new Set(kept.map(({ uri }) => parseS3Uri(uri).key));
      const folders = [
        versionFolder(project, datasetVersion),
        ...former.map(({ uri }) => parseS3Uri(uri).key),
      ];
      for (const prefix of folders) {
        let batch: ObjectIdentifier[] = [];
        for await (const object of versionsBelow(prefix)) {
          if (keptKeys.has(object.Key)) continue;
          batch.push(object);
          if (batch.length < maxBatch) continue;
          await remove(batch);
          batch = [];
        }
        await remove(batch);
      }
    },
  };
}

/** S3 deletes at most so many objects in one request. */
const maxBatch = 1000;
type Marker = Pick<ListObjectVersionsCommandInput, 'KeyMarker' | 'VersionIdMarker'>;
