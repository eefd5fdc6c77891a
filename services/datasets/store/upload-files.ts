import { join } from 'node:path';
import { HeadObjectCommand, NotFound, S3ServiceException } from '@aws-sdk/client-s3';
import { downloadTo, keepFile, s3Client } from '#shared/aws/objects.ts';
import type { FileReading } from '#shared/data-files/reading.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { formatS3Uri } from '#shared/kernel/s3-uri.ts';
import { inspectFile } from '../inspection/inspect-file.ts';
import type { ObjectWrite, UploadFiles } from '../ports.ts';

const contentTypes = {
  csv: 'text/csv',
  jsonl: 'application/jsonl',
  parquet: 'application/vnd.apache.parquet',
} as const;
const endings = { gzip: '.gz', zstd: '.zst' } as const;

/** Reads the uploads bucket, by way of local disk, and keeps content in the data bucket. */
export function createUploadFiles(settings: {
  dataBucket: string;
  functionMemoryMb: number;
  /** How many removals of objects have begun in a project, and whether one is under way. */
  removalsOf: (project: string) => Promise<{ removals: number; isRemoving: boolean }>;
}): UploadFiles {
  return {
    async describe({ bucket, key, versionId }) {
      try {
        const { ContentLength, LastModified } = await s3Client().send(
          new HeadObjectCommand({ Bucket: bucket, Key: key, ...(versionId ? { VersionId: versionId } : {}) }),
        );
        return { bytes: ContentLength ?? 0, writtenAt: LastModified ?? new Date(0) };
      } catch (error) {
        if (error instanceof NotFound) return undefined;
        throw error;
      }
    },
    withLocalFile: (source, run) =>
      withScratchFolder(async (folder) => run(await download(source, join(folder, 'upload')))),
    inspect: (file, request) => inspectFile(file, request, settings.functionMemoryMb),
    async keep(file, project, reading) {
      const { removals, isRemoving } = await settings.removalsOf(project);
      const stored = await keepFile(
        {
          bucket: settings.dataBucket,
          key: `datasets/${project}/objects/${file.sha256}.${endingOf(reading)}`,
        },
        file,
        contentTypes[reading.format],
        { evenIfThere: isRemoving },
      );
      return { ...stored, removals };
    },
  };
}

const endingOf = (reading: FileReading): string =>
  `${reading.format}${reading.format !== 'parquet' && reading.compression ? endings[reading.compression] : ''}`;

async function download({ bucket, key, versionId, etag }: ObjectWrite, path: string) {
  try {
    // Without versions only the ETag tells that this is the write that was told of.
    return await downloadTo(formatS3Uri({ bucket, key }), path, {
      versionId,
      ifMatch: versionId ? undefined : etag,
    });
  } catch (error) {
    const gone = ['PreconditionFailed', 'NoSuchKey', 'NoSuchVersion'];
    if (!(error instanceof S3ServiceException) || !gone.includes(error.name)) throw error;
    throw new AppError(
      'conflict',
      'ObjectReplaced',
      `${key} was deleted or replaced before it could be read. Upload it again.`,
    );
  }
}
