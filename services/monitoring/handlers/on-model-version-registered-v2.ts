import { ModelVersionRegisteredV2 } from '#events/registry.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { monitoringEnvironment } from '../env.ts';
import { createTrainingSets } from '../store/training-sets.ts';
import { profileClientVersion } from '../use-cases/profile-client-version.ts';
import { openMonitoring } from './composition.ts';

const trainingSets = createTrainingSets(readEnvironment(monitoringEnvironment).MILLRACE_STAGE);
const deps = { ...openMonitoring(), trainingSets };

export const handler = eventHandler(ModelVersionRegisteredV2, ({ detail: { metadata, data } }) =>
  profileClientVersion(deps, data, {
    consumer: 'monitoring/on-model-version-registered-v2',
    eventId: metadata.eventId,
  }),
);
