import { HeadObjectCommand, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { everyItem } from '#shared/aws/every-item.ts';
import { versionedTable } from '#shared/aws/item-versions.ts';
import { objectVersions } from '#shared/aws/object-versions.ts';
import { s3Client } from '#shared/aws/objects.ts';
import type { Table } from '#shared/aws/table.ts';
import { formatS3Uri } from '#shared/kernel/s3-uri.ts';
import type { EntityFiles } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';

const addressSeconds = 900;
const keptMs = 86_400_000;
/** Partition of the index: all files, by when they were made room for. */
const filesIndex = 'ENTITY-FILES';

const keyOf = (project: string, fileId: string) => ({ pk: `ENTITYFILES#${project}`, sk: fileId });
const objectKey = (project: string, fileId: string) => `feature-store/${project}/entity-files/${fileId}`;

/** Files of entity rows in the data bucket, for a day. */
export function createEntityFiles(stored: Table, dataBucket: string): EntityFiles {
  const table = versionedTable(stored, itemKinds);
  // The default would sign the checksum of an empty body into the address, and every upload would be refused.
  const signing = new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' });
  return {
    async create(project, fileId, now) {
      const createdAt = now.toISOString();
      const item = { ...keyOf(project, fileId), schemaVersion: 1, project, fileId, createdAt } as const;
      await table.put({
        ...item,
        gsi1pk: filesIndex,
        gsi1sk: `${createdAt}#${fileId}`,
      } satisfies StoredItems['entityFile']);
      const command = new PutObjectCommand({ Bucket: dataBucket, Key: objectKey(project, fileId) });
      const url = await getSignedUrl(signing, command, { expiresIn: addressSeconds });
      return { url, expiresAt: new Date(now.getTime() + addressSeconds * 1000).toISOString() };
    },
    async find(project, fileId) {
      const key = objectKey(project, fileId);
      if (!(await table.get<StoredItems['entityFile']>(keyOf(project, fileId)))) return undefined;
      try {
        const { ContentLength = 0 } = await s3Client().send(
          new HeadObjectCommand({ Bucket: dataBucket, Key: key }),
        );
        return { uri: formatS3Uri({ bucket: dataBucket, key }), bytes: ContentLength };
      } catch (error) {
        // S3 answers 403 for what is not there where the role may not list the bucket.
        const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
        if (status === 404 || status === 403) return undefined;
        throw error;
      }
    },
    async dropExpired(now) {
      const before = new Date(now.getTime() - keptMs).toISOString();
      const old = everyItem<StoredItems['entityFile']>(table, { index: 'gsi1', pk: filesIndex });
      for await (const { project, fileId, createdAt } of old) {
        if (createdAt > before) return;
        const uri = formatS3Uri({ bucket: dataBucket, key: objectKey(project, fileId) });
        await objectVersions.remove(await objectVersions.list([uri]));
        await table.deleteAll([keyOf(project, fileId)]);
      }
    },
  };
}
