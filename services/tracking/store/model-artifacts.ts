import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { extract } from 'tar-stream';
import { downloadTo, measureFile, putObject, s3Client } from '#shared/aws/objects.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { ModelArtifacts } from '../ports/model-artifacts.ts';

export const modelArtifacts: ModelArtifacts = {
  async unpack(archive, to) {
    const folder = await mkdtemp(join(tmpdir(), 'model-'));
    try {
      const { path } = await downloadTo(archive, join(folder, 'model.tar.gz'));
      const model = join(folder, 'model');
      if (!(await firstFile(path, model)))
        throw new AppError('precondition_failed', 'ArchiveEmpty', `${archive.uri} holds no file.`);
      const { bytes, sha256 } = await measureFile(model);
      await s3Client().send(
        new PutObjectCommand({
          Bucket: to.bucket,
          Key: to.key,
          Body: createReadStream(model),
          ContentLength: bytes,
          ContentType: 'application/octet-stream',
          ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
        }),
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  async writeText(to, text) {
    await putObject(to, text, 'text/plain; charset=utf-8');
  },
};

/** Writes the first file of an archive; false where there is none. Trainings of the managed image write one. */
async function firstFile(archive: string, to: string): Promise<boolean> {
  const tar = extract();
  const read = pipeline(createReadStream(archive), createGunzip(), tar);
  let found = false;
  for await (const entry of tar) {
    if (found || entry.header.type !== 'file') entry.resume();
    else {
      await pipeline(entry, createWriteStream(to));
      found = true;
    }
  }
  await read;
  return found;
}
