import { ModelVersionRegistered } from '#events/registry.ts';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { environment } from '../env.ts';
import { createConsumerStore } from '../store/consumer-store.ts';
import { noteModelVersion } from '../use-cases/note-consumer.ts';

const { TABLE_NAME } = readEnvironment(environment);
const deps = { consumers: createConsumerStore(createTable(documentClient(), TABLE_NAME)) };
const consumer = 'validation/on-model-version-registered';

export const handler = eventHandler(ModelVersionRegistered, ({ detail: { data, metadata } }) =>
  noteModelVersion(deps, data, { consumer, eventId: metadata.eventId }),
);
