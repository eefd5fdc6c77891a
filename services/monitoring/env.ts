import { baseEnvironment, environmentParts } from '#shared/lambda/environment.ts';

/** Every function of the service but the outbox publisher: they all read or write windows and what is stored of them. */
export const monitoringEnvironment = baseEnvironment.extend({
  TABLE_NAME: environmentParts.TABLE_NAME,
  DATA_BUCKET: environmentParts.DATA_BUCKET,
});

export const publisherEnvironment = baseEnvironment.extend({
  EVENT_BUS_NAME: environmentParts.EVENT_BUS_NAME,
});
