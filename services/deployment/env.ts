import * as z from 'zod';
import { baseEnvironment, environmentParts } from '#shared/lambda/environment.ts';

export const publisherEnvironment = baseEnvironment.extend({
  EVENT_BUS_NAME: environmentParts.EVENT_BUS_NAME,
});

/** Functions that read or change releases and routing. */
export const releaseEnvironment = baseEnvironment.extend({ TABLE_NAME: environmentParts.TABLE_NAME });

/** Functions that look at releases and begin or stop their executions. */
export const stopperEnvironment = releaseEnvironment.extend({
  RELEASE_MACHINE_ARN: z.string().startsWith('arn:'),
});

/** The function that packs what clients registered. */
export const packagingEnvironment = releaseEnvironment.extend({
  MODELS_BUCKET: environmentParts.MODELS_BUCKET,
});

/** Functions that create or delete endpoints. */
export const hostingEnvironment = releaseEnvironment.extend({
  SAGEMAKER_ROLE_ARN: environmentParts.SAGEMAKER_ROLE_ARN,
  ENCRYPTION_KEY_ARN: environmentParts.ENCRYPTION_KEY_ARN,
});

/** The hosting function that looks at what clients registered. */
export const creatorEnvironment = hostingEnvironment.extend({
  MODELS_BUCKET: environmentParts.MODELS_BUCKET,
});

/** The function that begins releases. */
export const starterEnvironment = baseEnvironment.extend({
  RELEASE_MACHINE_ARN: z.string().startsWith('arn:'),
});
