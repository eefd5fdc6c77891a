import { ModelVersionCreated } from '#events/registry.ts';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { environment } from '../env.ts';
import { createHeads } from '../store/heads-store.ts';
import { createSealedSources } from '../store/sealed-store.ts';
import { sealSource } from '../use-cases/seal-source.ts';

const table = createTable(documentClient(), readEnvironment(environment).TABLE_NAME);
const deps = { heads: createHeads(table), sealed: createSealedSources(table) };

/** What was registered never changes: the artifacts that a client's version was made from take no more writes. */
export const handler = eventHandler(ModelVersionCreated, async ({ detail: { data } }) => {
  await sealSource(deps, data);
});
