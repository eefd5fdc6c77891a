import { baseEnvironment, environmentParts } from '#shared/lambda/environment.ts';

export const environment = baseEnvironment.extend({ TABLE_NAME: environmentParts.TABLE_NAME });

/** The function that evaluates: it reads held-out parts and writes reports. */
export const evaluationEnvironment = environment.extend({ DATA_BUCKET: environmentParts.DATA_BUCKET });

export const publisherEnvironment = baseEnvironment.extend({
  EVENT_BUS_NAME: environmentParts.EVENT_BUS_NAME,
});
