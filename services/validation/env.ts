import * as z from 'zod';
import { baseEnvironment, environmentParts } from '#shared/lambda/environment.ts';

export { checkFunctions } from './domain/sizing.ts';

const {
  TABLE_NAME,
  DATA_BUCKET,
  EVENT_BUS_NAME,
  ENCRYPTION_KEY_ARN,
  PROCESSING_ROLE_ARN,
  PROCESSING_IMAGE_URI,
} = environmentParts;

/** Functions that read and write the table alone. */
export const environment = baseEnvironment.extend({ TABLE_NAME });

/** Functions that read or write documents besides. */
export const documentEnvironment = environment.extend({ DATA_BUCKET });

/** Functions that run Processing jobs, or ask what became of them. */
export const jobEnvironment = documentEnvironment.extend({
  PROCESSING_ROLE_ARN,
  PROCESSING_IMAGE_URI,
  ENCRYPTION_KEY_ARN,
});

/** The function that decides where a check runs. */
export const planEnvironment = jobEnvironment.extend({
  /** Above so many bytes of text no function is tried. */
  FUNCTION_CHECK_MAX_BYTES: z.coerce.number().int().min(0),
});

/** Functions that work with DuckDB. */
export const rowEnvironment = documentEnvironment.extend({
  /** Set by Lambda. */
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().int().default(1769),
  AWS_LAMBDA_FUNCTION_NAME: z.string().default('check-rows'),
});

/** The function that reads quarantine files, and nothing else. */
export const quarantineEnvironment = baseEnvironment.extend({
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().int().default(1769),
});

export const publisherEnvironment = baseEnvironment.extend({ EVENT_BUS_NAME });
