import { ModelVersionRegistered } from '#events/registry.ts';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { definitionEnvironment } from '../env.ts';
import { createPinningModelStore } from '../store/definition-store.ts';

const models = createPinningModelStore(
  createTable(documentClient(), readEnvironment(definitionEnvironment).TABLE_NAME),
);

/** Remembers which version of a feature service a model version keeps; most models use none. */
export const handler = eventHandler(ModelVersionRegistered, async ({ detail: { data, metadata } }) => {
  const { project, model, modelVersion, signature } = data;
  if (!signature.featureService) return;
  const { service, version } = signature.featureService;
  await models.add(
    { project, service, version, model, modelVersion },
    { consumer: 'feature-store/on-model-version-registered', eventId: metadata.eventId },
  );
});
