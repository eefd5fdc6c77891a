import * as z from 'zod';
import { baseEnvironment, environmentParts } from '#shared/lambda/environment.ts';

const { TABLE_NAME, DATA_BUCKET, EVENT_BUS_NAME } = environmentParts;

/** What the functions of this service get. */
export const builderEnvironment = baseEnvironment.extend({
  TABLE_NAME,
  DATA_BUCKET,
  /** Set by Lambda. */
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().int().default(2048),
});
/** The function that answers people and applications. */
export const httpEnvironment = baseEnvironment.extend({ TABLE_NAME });
export const queryEnvironment = baseEnvironment.extend({ TABLE_NAME });
/** Functions that keep what events tell of definitions and models. */
export const definitionEnvironment = baseEnvironment.extend({ TABLE_NAME });
export const publisherEnvironment = baseEnvironment.extend({ EVENT_BUS_NAME });
