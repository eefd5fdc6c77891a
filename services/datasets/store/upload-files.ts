import { join } from 'node:path';
import { HeadObjectCommand, NotFound } from '@aws-sdk/client-s3';
import { downloadTo, keepFile, s3Client } from '#shared/aws/objects.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { formatS3Uri } from '#shared/kernel/s3-uri.ts';
import { inspectFile } from '../inspection/inspect-file.ts';
import type { UploadFiles } from '../ports.ts';

const contentTypes = { csv: 'text/csv', parquet: 'application/vnd.apache.parquet' } as const;

/** Reads the uploads bucket, by way of local disk, and keeps content in the data bucket. */
export function createUploadFiles(settings: { dataBucket: string; functionMemoryMb: number }): UploadFiles {
  return {
    async sizeBytes({ bucket, key, versionId }) {
      try {
        const { ContentLength } = await s3Client().send(
          new HeadObjectCommand({ Bucket: bucket, Key: key, ...(versionId ? { VersionId: versionId } : {}) }),
        );
        return ContentLength;
      } catch (error) {
        if (error instanceof NotFound) return undefined;
        throw error;
      }
    },
    withLocalFile: ({ bucket, key, versionId }, run) =>
      withScratchFolder(async (folder) =>
        run(await downloadTo(formatS3Uri({ bucket, key }), join(folder, 'upload'), { versionId })),
      ),
    inspect: (file, format) => inspectFile(file, format, settings.functionMemoryMb),
    keep: (file, project, format) =>
      keepFile(
        { bucket: settings.dataBucket, key: `datasets/${project}/objects/${file.sha256}.${format}` },
        file,
        contentTypes[format],
      ),
  };
}
