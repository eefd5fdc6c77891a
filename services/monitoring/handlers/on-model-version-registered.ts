import { ModelVersionRegistered } from '#events/registry.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { profileReference } from '../use-cases/profile-reference.ts';
import { openMonitoring } from './composition.ts';

const deps = openMonitoring();

export const handler = eventHandler(ModelVersionRegistered, ({ detail: { metadata, data } }) =>
  profileReference(deps, data, {
    consumer: 'monitoring/on-model-version-registered',
    eventId: metadata.eventId,
  }),
);
