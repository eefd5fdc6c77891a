import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspectFile } from '#services/datasets/inspection/inspect-file.ts';
import type { Incoming, ListedObject, ObjectWrite, UploadFiles } from '#services/datasets/ports.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';

interface Write {
  readonly listed: ListedObject;
  readonly content: Buffer;
}

/** A versioned bucket in memory, whose files are read as the service reads them. `reads` says which keys were read whole. */
export function inMemoryUploadsBucket(bucket = 'uploads') {
  const writes: Write[] = [];
  const reads: string[] = [];
  const find = ({ key, versionId }: ObjectWrite) =>
    writes.find(({ listed }) => listed.key === key && listed.versionId === versionId);
  const files: UploadFiles = {
    describe: async (source) => {
      const listed = find(source)?.listed;
      return listed && { bytes: listed.bytes, writtenAt: listed.writtenAt };
    },
    withLocalFile: (source, run) =>
      withScratchFolder(async (folder) => {
        const write = find(source);
        if (!write) throw new AppError('conflict', 'ObjectReplaced', `${source.key} was replaced.`);
        reads.push(source.key);
        const path = join(folder, 'upload');
        await writeFile(path, write.content);
        return run({ path, sha256: sha256Hex(write.content), bytes: write.content.byteLength });
      }),
    inspect: (file, request) => inspectFile(file, request, 512),
    keep: async ({ sha256, bytes }, project, { format }) => ({
      uri: `s3://data/datasets/${project}/objects/${sha256}.${format}`,
      sha256,
      bytes,
      removals: 0,
    }),
  };
  const incoming: Incoming = {
    bucket,
    async *list(prefix) {
      const newest = new Map(writes.map(({ listed }) => [listed.key, listed]));
      yield [...newest.values()].filter(({ key }) => key.startsWith(prefix));
    },
    text: async (object) => find({ bucket, ...object })!.content.toString(),
  };
  return {
    files,
    incoming,
    reads,
    /** Writes an object, as S3 does at this instant, and says what its event would. */
    put(key: string, content: string | Buffer, writtenAt: Date): ObjectWrite {
      const bytes = Buffer.from(content);
      const versionId = `v${writes.length}`;
      const listed = { key, versionId, etag: sha256Hex(bytes), bytes: bytes.byteLength, writtenAt };
      writes.push({ listed, content: bytes });
      return { bucket, key, versionId };
    },
  };
}
