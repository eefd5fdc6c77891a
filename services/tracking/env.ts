import { baseEnvironment, environmentParts } from '#shared/lambda/environment.ts';

export const environment = baseEnvironment.extend({ TABLE_NAME: environmentParts.TABLE_NAME });

export const publisherEnvironment = baseEnvironment.extend({
  EVENT_BUS_NAME: environmentParts.EVENT_BUS_NAME,
});

/** The function that writes trained models as artifacts. */
export const modelEnvironment = environment.extend({ MODELS_BUCKET: environmentParts.MODELS_BUCKET });
