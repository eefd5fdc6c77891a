import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { createDatasetReaders } from '../store/dataset-readers.ts';
import { createDeclaredViews } from '../store/declared-views.ts';
import { createDefinitionStore } from '../store/definition-store.ts';
import { createMaterializationStore } from '../store/materialization-store.ts';
import { createValidatedRows } from '../store/validated-rows.ts';

/** What functions of materialization share. */
export function materializationDeps(env: { readonly TABLE_NAME: string; readonly MILLRACE_STAGE: string }) {
  const table = createTable(documentClient(), env.TABLE_NAME);
  return {
    store: createMaterializationStore(table),
    declared: createDeclaredViews(createDefinitionStore(table)),
    readers: createDatasetReaders(table),
    validatedRows: createValidatedRows(env.MILLRACE_STAGE),
    clock: systemClock,
    ids: ulidGenerator,
  };
}
