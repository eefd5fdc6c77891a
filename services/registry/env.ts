import { baseEnvironment, environmentParts } from '#shared/lambda/environment.ts';
import { mlflowSettings } from '#shared/mlflow/settings.ts';

export const environment = baseEnvironment.extend({ TABLE_NAME: environmentParts.TABLE_NAME });

/** Functions that look at the bytes of versions. */
export const contentEnvironment = environment.extend({ MODELS_BUCKET: environmentParts.MODELS_BUCKET });

/** The function behind MLflow's API. */
export const mlflowEnvironment = environment.extend(mlflowSettings.shape);

export const publisherEnvironment = baseEnvironment.extend({
  EVENT_BUS_NAME: environmentParts.EVENT_BUS_NAME,
});

/** The laptop's own services and webhook receivers are at private addresses, without certificates. */
export const isOnLaptop = (stage: string): boolean => stage === 'local';
