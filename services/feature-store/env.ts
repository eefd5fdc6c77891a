import * as z from 'zod';
import { baseEnvironment, environmentParts } from '#shared/lambda/environment.ts';

export { retrievalFunctions } from './domain/retrieval-size.ts';

const {
  TABLE_NAME,
  DATA_BUCKET,
  EVENT_BUS_NAME,
  ENCRYPTION_KEY_ARN,
  PROCESSING_ROLE_ARN,
  PROCESSING_IMAGE_URI,
} = environmentParts;

/** What the functions of this service get. */
export const builderEnvironment = baseEnvironment.extend({
  TABLE_NAME,
  DATA_BUCKET,
  /** Set by Lambda. */
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().int().default(2048),
});
/** The function that answers people and applications. */
export const httpEnvironment = baseEnvironment.extend({ TABLE_NAME, DATA_BUCKET });
/** The functions that end materializations, and those that act by schedule. */
export const writerEnvironment = baseEnvironment.extend({ TABLE_NAME, DATA_BUCKET });
/** The function that writes parts of views, also of those that SageMaker keeps. */
export const groupWriterEnvironment = writerEnvironment.extend({
  FEATURE_GROUP_ROLE_ARN: z.string().startsWith('arn:'),
  ENCRYPTION_KEY_ARN,
});
/** The function that starts executions. */
export const machineEnvironment = baseEnvironment.extend({
  STATE_MACHINE_ARN: z.string().startsWith('arn:'),
});
export const queryEnvironment = baseEnvironment.extend({ TABLE_NAME });
/** Functions that keep what events tell of definitions and models. */
export const definitionEnvironment = baseEnvironment.extend({ TABLE_NAME });
/** Functions that read or write nothing but call others. */
export const stageEnvironment = baseEnvironment;
/** Functions that read or write documents besides the table. */
export const documentEnvironment = baseEnvironment.extend({ TABLE_NAME, DATA_BUCKET });
/** Functions that run Processing jobs, or ask what became of them. */
export const jobEnvironment = documentEnvironment.extend({
  PROCESSING_ROLE_ARN,
  PROCESSING_IMAGE_URI,
  ENCRYPTION_KEY_ARN,
});
/** The function that decides where a retrieval runs. */
export const planEnvironment = jobEnvironment.extend({
  /** Above so many bytes of text no function is tried. */
  FUNCTION_CHECK_MAX_BYTES: z.coerce.number().int().min(0),
});
/** Functions that retrieve with DuckDB. */
export const rowEnvironment = documentEnvironment.extend({
  /** Set by Lambda. */
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().int().default(1769),
});
/** The function that takes records off queues and streams. */
export const recordsEnvironment = baseEnvironment.extend({ TABLE_NAME });
export const landingEnvironment = baseEnvironment.extend({ TABLE_NAME, DATA_BUCKET });
export const publisherEnvironment = baseEnvironment.extend({ EVENT_BUS_NAME });
