import * as z from 'zod';
import { baseEnvironment, environmentParts } from '#shared/lambda/environment.ts';

const { TABLE_NAME, DATA_BUCKET, EVENT_BUS_NAME } = environmentParts;

/** What the functions of this service get. */
export const environment = baseEnvironment.extend({ TABLE_NAME });
export const validatorEnvironment = environment.extend({
  DATA_BUCKET,
  /** The image of processing jobs, for data that is too big for a function; absent where the stage has none. */
  PROCESSING_IMAGE_URI: z.string().optional(),
  /** Set by Lambda. */
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().int().default(2048),
});
export const publisherEnvironment = baseEnvironment.extend({ EVENT_BUS_NAME });
