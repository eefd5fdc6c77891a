import * as z from 'zod';
import { baseEnvironment, environmentParts } from '#shared/lambda/environment.ts';

export const predictionEnvironment = baseEnvironment.extend({ TABLE_NAME: environmentParts.TABLE_NAME });

/** The function that predicts reads deployment’s routing records, and online values of the feature store. */
export const servingEnvironment = predictionEnvironment.extend({
  DEPLOYMENT_TABLE_NAME: z.string().min(3),
  FEATURE_STORE_TABLE_NAME: z.string().min(3),
});

export const captureEnvironment = predictionEnvironment.extend({
  CAPTURES_BUCKET: environmentParts.CAPTURES_BUCKET,
});

export const publisherEnvironment = baseEnvironment.extend({
  EVENT_BUS_NAME: environmentParts.EVENT_BUS_NAME,
});
