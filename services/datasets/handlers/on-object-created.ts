import * as z from 'zod';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { awsEventHandler } from '#shared/lambda/event.ts';
import { logger } from '#shared/telemetry/logger.ts';
import { receiverEnvironment } from '../env.ts';
import { createDatasetStore } from '../store/dataset-store.ts';
import { createManifests } from '../store/manifests.ts';
import { askProjects } from '../store/projects.ts';
import { createUploadFiles } from '../store/upload-files.ts';
import { uploadIdOf } from '../use-cases/arrived-upload.ts';
import { receiveUpload } from '../use-cases/receive-upload.ts';

const env = readEnvironment(receiverEnvironment);
const deps = {
  store: createDatasetStore(createTable(documentClient(), env.TABLE_NAME), systemClock),
  files: createUploadFiles({
    dataBucket: env.DATA_BUCKET,
    functionMemoryMb: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  }),
  manifests: createManifests(env.DATA_BUCKET),
  projects: askProjects(env.MILLRACE_STAGE),
};

/** Amazon S3's event "Object Created", as far as it is read; keys are not URL-encoded in it. */
const objectCreated = z.object({
  bucket: z.object({ name: z.string() }),
  object: z.object({
    key: z.string(),
    sequencer: z.string().optional(),
    'version-id': z.string().optional(),
  }),
  requester: z.string().default('unknown'),
});

export const handler = awsEventHandler(
  (detail) => objectCreated.parse(detail),
  async ({ bucket, object, requester }, event) => {
    const { key, sequencer, 'version-id': versionId } = object;
    const source = {
      bucket: bucket.name,
      key,
      ...(versionId ? { versionId } : {}),
      ...(sequencer ? { sequencer } : {}),
    };
    logger.appendKeys({ correlationId: uploadIdOf(source), key });
    const outcome = await receiveUpload(deps, { source, receivedAt: new Date(event.time), requester });
    logger.info('The upload was handled.', { outcome });
  },
);
