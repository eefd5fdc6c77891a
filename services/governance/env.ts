import { baseEnvironment, environmentParts } from '#shared/lambda/environment.ts';

export const governanceEnvironment = baseEnvironment.extend({ TABLE_NAME: environmentParts.TABLE_NAME });

/** The API also names the buckets whose objects OpenLineage’s datasets are; it reads none of them. */
export const governanceHttpEnvironment = governanceEnvironment.extend({
  DATA_BUCKET: environmentParts.DATA_BUCKET,
  MODELS_BUCKET: environmentParts.MODELS_BUCKET,
  CAPTURES_BUCKET: environmentParts.CAPTURES_BUCKET,
});
