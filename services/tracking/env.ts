import { baseEnvironment, environmentParts } from '#shared/lambda/environment.ts';

export const environment = baseEnvironment.extend({ TABLE_NAME: environmentParts.TABLE_NAME });

/** What MLflow's REST API needs besides: where artifacts lie. */
export const mlflowEnvironment = environment.extend({ MODELS_BUCKET: environmentParts.MODELS_BUCKET });

export const publisherEnvironment = baseEnvironment.extend({
  EVENT_BUS_NAME: environmentParts.EVENT_BUS_NAME,
});
