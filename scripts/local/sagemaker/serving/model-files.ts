import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RuntimeContext } from '../../emulated-service.ts';
import { unpackArchive } from '../archive.ts';
import { parseS3Uri, roleS3 } from '../role-s3.ts';
import type { ModelRecord } from './model-record.ts';
import { modelDataUrl } from './model-record.ts';

const MODEL_LIMITS = { totalBytes: 2 * 1024 ** 3, entries: 10_000 };

/**
 * Downloads a model's archive with the model's role and unpacks it to `<root>/model`, replacing what was there.
 * @throws Error worded as the failure reason of an endpoint.
 */
export async function installModel(context: RuntimeContext, model: ModelRecord, root: string): Promise<void> {
  rmSync(root, { recursive: true, force: true });
  const folder = join(root, 'model');
  mkdirSync(folder, { recursive: true });
  const url = modelDataUrl(model);
  if (url === undefined) return;
  const { bucket, key } = parseS3Uri(url);
  const role = model.input.ExecutionRoleArn;
  const archive = await roleS3(context, role, 'SageMaker')
    .get(bucket, key)
    .catch((error: unknown) => {
      throw new Error(
        `Failed to download model data for container "container_1" from URL: "${url}". Please ensure that there is an object located at the URL and that the role passed to CreateModel (${role}) has permissions to download the model. ${messageOf(error)}`,
      );
    });
  await unpackArchive(archive, folder, MODEL_LIMITS).catch((error: unknown) => {
    throw new Error(
      `Failed to extract model data archive from URL "${url}" for container "container_1". Please ensure that the object located at the URL is a valid tar.gz archive: ${messageOf(error)}`,
    );
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
