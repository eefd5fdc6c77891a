import { ModelVersionRegistered } from '#events/registry.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { recordTrainedContent } from '../use-cases/record-trained-content.ts';
import { contentDeps } from './content.ts';

const deps = contentDeps();

/** A training registered a version: what MLflow's clients load of it is watched as clients' versions are. */
export const handler = eventHandler(ModelVersionRegistered, ({ detail: { metadata, data } }) =>
  recordTrainedContent(deps, data, {
    consumer: 'registry/on-model-version-registered',
    eventId: metadata.eventId,
  }),
);
