import * as z from 'zod';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { awsEventHandler } from '#shared/lambda/event.ts';
import { logger } from '#shared/telemetry/logger.ts';
import { receiverEnvironment } from '../env.ts';
import { uploadIdOf } from '../use-cases/arrived-upload.ts';
import { receiveUpload } from '../use-cases/receive-upload.ts';
import { receiverDeps } from './receiver.ts';

const deps = receiverDeps(readEnvironment(receiverEnvironment));

/** Amazon S3's event "Object Created", as far as it is read; keys are not URL-encoded in it. */
const objectCreated = z.object({
  bucket: z.object({ name: z.string() }),
  object: z.object({
    key: z.string(),
    etag: z.string().optional(),
    sequencer: z.string().optional(),
    'version-id': z.string().optional(),
  }),
  requester: z.string().default('unknown'),
});

export const handler = awsEventHandler(
  (detail) => objectCreated.parse(detail),
  async ({ bucket, object, requester }, event) => {
    const { key, etag, sequencer, 'version-id': versionId } = object;
    const source = {
      bucket: bucket.name,
      key,
      ...(versionId ? { versionId } : {}),
      ...(sequencer ? { sequencer } : {}),
      ...(etag ? { etag } : {}),
    };
    logger.appendKeys({ correlationId: uploadIdOf({ source }), key });
    const outcome = await receiveUpload(deps, {
      source,
      receivedAt: new Date(event.time),
      requester,
      claimant: event.id,
    });
    logger.info('The upload was handled.', { outcome });
  },
);
