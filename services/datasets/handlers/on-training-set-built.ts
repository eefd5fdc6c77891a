import { TrainingSetBuilt } from '#events/feature-store.ts';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { queryEnvironment } from '../env.ts';
import { createVersionStore } from '../store/version-store.ts';

const store = createVersionStore(createTable(documentClient(), readEnvironment(queryEnvironment).TABLE_NAME));

/** A version that a training set was built of stays, whatever retention says. */
export const handler = eventHandler(TrainingSetBuilt, ({ detail: { metadata, data } }) =>
  store.recordUse(
    {
      project: data.project,
      datasetVersion: data.datasetVersion,
      kind: 'training-set',
      id: data.trainingSetId,
      at: metadata.occurredAt,
    },
    { consumer: 'datasets/on-training-set-built', eventId: metadata.eventId },
  ),
);
