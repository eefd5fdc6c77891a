import { DeploymentRolledBack } from '#events/deployment.ts';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { environment } from '../env.ts';
import { createConsumerStore } from '../store/consumer-store.ts';
import { noteServing } from '../use-cases/note-consumer.ts';

const { TABLE_NAME } = readEnvironment(environment);
const deps = { consumers: createConsumerStore(createTable(documentClient(), TABLE_NAME)) };
const consumer = 'validation/on-deployment-rolled-back';

export const handler = eventHandler(DeploymentRolledBack, ({ detail: { data, metadata } }) => {
  const { project, model, toVersion: modelVersion } = data;
  const serving = { project, model, modelVersion, at: metadata.occurredAt };
  return noteServing(deps, serving, { consumer, eventId: metadata.eventId });
});
