import * as z from 'zod';
import { baseEnvironment, environmentParts } from '#shared/lambda/environment.ts';

const { TABLE_NAME, DATA_BUCKET, UPLOADS_BUCKET, EVENT_BUS_NAME } = environmentParts;

/** What the functions of this service get. */
export const queryEnvironment = baseEnvironment.extend({ TABLE_NAME });
export const httpEnvironment = queryEnvironment.extend({ UPLOADS_BUCKET, DATA_BUCKET });
export const receiverEnvironment = queryEnvironment.extend({
  UPLOADS_BUCKET,
  DATA_BUCKET,
  /** Set by Lambda. */
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().int().default(2048),
});
/** What works on stored versions. */
export const storedEnvironment = queryEnvironment.extend({ DATA_BUCKET });
/** What compares them, with DuckDB. */
export const comparerEnvironment = storedEnvironment.extend({
  /** Set by Lambda. */
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().int().default(2048),
});
/** What erases rows of them, and of the uploads that brought them. */
export const eraserEnvironment = comparerEnvironment.extend({ UPLOADS_BUCKET });
export const publisherEnvironment = baseEnvironment.extend({ EVENT_BUS_NAME });
