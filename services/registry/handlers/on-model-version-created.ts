import { ModelVersionCreated } from '#events/registry.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { recordContent } from '../use-cases/record-content.ts';
import { contentDeps } from './content.ts';

const deps = contentDeps();

/** A client created a version: its bytes are looked at before anything else happens with it. */
export const handler = eventHandler(ModelVersionCreated, ({ detail: { metadata, data } }) =>
  recordContent(deps, data, metadata, {
    consumer: 'registry/on-model-version-created',
    eventId: metadata.eventId,
  }),
);
