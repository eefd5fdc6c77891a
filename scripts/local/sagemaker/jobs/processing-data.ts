import { createReadStream, createWriteStream, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import type { ProcessingInput, ProcessingOutput } from '../api/processing-inputs.ts';
import { filesBelow } from '../archive.ts';
import type { RoleS3 } from '../role-s3.ts';
import { parseS3Uri } from '../role-s3.ts';
import { download, downloadFailure, JobFailure, listInput, uploadFailure } from './channel-download.ts';

/** Objects with the paths that they get below a folder. */
type Located = readonly { readonly bucket: string; readonly key: string; readonly path: string }[];

/** A manifest: `[{ "prefix": "s3://bucket/folder/" }, "a.csv", "b/c.csv"]`. */
const manifestSchema = z.tuple([z.strictObject({ prefix: z.string() })], z.string());

/**
 * Copies what an input names into a folder, object by object, so that its size does not matter.
 * @throws JobFailure when there is nothing, or the role may not read it.
 */
export async function downloadInput(
  s3: RoleS3,
  { S3Input }: ProcessingInput,
  roleArn: string,
  folder: string,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const objects =
    S3Input.S3DataType === 'ManifestFile'
      ? await listManifest(s3, S3Input.S3Uri)
      : await listInput(s3, S3Input.S3Uri, roleArn);
  for (const { bucket, key, path } of objects) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    try {
      await pipeline(await s3.read(bucket, key), createWriteStream(target));
    } catch (error) {
      throw downloadFailure(bucket, key, error);
    }
  }
}

async function listManifest(s3: RoleS3, s3Uri: string): Promise<Located> {
  const { bucket, key } = parseS3Uri(s3Uri);
  const [{ prefix }, ...names] = parseManifest(s3Uri, (await download(s3, bucket, key)).toString('utf8'));
  const place = parseS3Uri(prefix);
  return names.map((name) => {
    if (name.split('/').includes('..') || name.startsWith('/'))
      throw new JobFailure(
        `ClientError: Data download failed:The manifest ${s3Uri} names ${name}, which leaves the input folder.`,
      );
    return { bucket: place.bucket, key: `${place.key}${name}`, path: name };
  });
}

function parseManifest(s3Uri: string, text: string): z.infer<typeof manifestSchema> {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    throw new JobFailure(
      `ClientError: Data download failed:Failed to parse the manifest file ${s3Uri}: it must be JSON such as [{"prefix": "s3://bucket/folder/"}, "part-0.csv"].`,
    );
  }
}

/**
 * Copies the files of an output's folder below its S3 prefix.
 * @throws JobFailure when the role may not write there.
 */
export async function uploadOutput(
  s3: RoleS3,
  { S3Output }: ProcessingOutput,
  folder: string,
): Promise<void> {
  if (!existsSync(folder)) return;
  const { bucket, key } = parseS3Uri(S3Output.S3Uri);
  const prefix = key === '' || key.endsWith('/') ? key : `${key}/`;
  for (const file of filesBelow(folder)) {
    const path = join(folder, file);
    const target = `${prefix}${file.split(sep).join('/')}`;
    try {
      await s3.write(bucket, target, () => createReadStream(path), statSync(path).size);
    } catch (error) {
      throw uploadFailure(bucket, target, error);
    }
  }
}
