import { ModelVersionRegistered } from '#events/registry.ts';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { queryEnvironment } from '../env.ts';
import { createVersionStore } from '../store/version-store.ts';

const store = createVersionStore(createTable(documentClient(), readEnvironment(queryEnvironment).TABLE_NAME));

/** A model that was trained on a version knows its rows: certificates of erasures name it. */
export const handler = eventHandler(ModelVersionRegistered, ({ detail: { metadata, data } }) =>
  store.recordUse(
    {
      project: data.project,
      datasetVersion: data.recipe.datasetVersion,
      kind: 'model-version',
      id: `${data.model}/${data.modelVersion}`,
      at: metadata.occurredAt,
    },
    { consumer: 'datasets/on-model-version-registered', eventId: metadata.eventId },
  ),
);
