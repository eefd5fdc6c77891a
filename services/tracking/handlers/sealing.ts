import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { environment } from '../env.ts';
import { createHeads } from '../store/heads-store.ts';
import { createLoggedModelStore } from '../store/logged-model-store.ts';
import { createSealedSources } from '../store/sealed-store.ts';

/** What the functions that seal artifacts of model versions have in common. */
export function sealingDeps() {
  const table = createTable(documentClient(), readEnvironment(environment).TABLE_NAME);
  return {
    heads: createHeads(table),
    models: createLoggedModelStore(table),
    sealed: createSealedSources(table),
  };
}
