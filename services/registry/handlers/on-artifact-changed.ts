import * as z from 'zod';
import { awsEventHandler } from '#shared/lambda/event.ts';
import { checkObject } from '../use-cases/check-content.ts';
import { contentDeps } from './content.ts';

const deps = contentDeps();
const detailSchema = z.object({
  bucket: z.object({ name: z.string() }),
  object: z.object({ key: z.string() }),
});

/** An artifact was written or deleted: no version that it belongs to may have changed. What the event says of it does not matter; S3 is asked. */
export const handler = awsEventHandler(
  (detail) => detailSchema.parse(detail),
  ({ bucket, object }) => checkObject(deps, { bucket: bucket.name, key: object.key }),
);
