import { baseEnvironment, environmentParts } from '#shared/lambda/environment.ts';
import { mlflowSettings } from '#shared/mlflow/settings.ts';

export const environment = baseEnvironment.extend({ TABLE_NAME: environmentParts.TABLE_NAME });

/** The function behind MLflow's API: what stands before its routes, and where artifacts lie. */
export const mlflowEnvironment = environment.extend({
  ...mlflowSettings.shape,
  MODELS_BUCKET: environmentParts.MODELS_BUCKET,
});

export const publisherEnvironment = baseEnvironment.extend({
  EVENT_BUS_NAME: environmentParts.EVENT_BUS_NAME,
});
