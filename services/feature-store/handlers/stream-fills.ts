import { setTimeout as wait } from 'node:timers/promises';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { createDefinitionStore } from '../store/definition-store.ts';
import { createEarlierRecords } from '../store/earlier-records.ts';
import { createEarlierValues } from '../store/earlier-values.ts';
import { createFeatureErasureStore } from '../store/feature-erasure-store.ts';
import { createRecordFiles } from '../store/record-files.ts';
import { createStreamFills } from '../store/stream-fills.ts';
import type { FillStreamVersionsDeps } from '../use-cases/fill-stream-versions.ts';

/** What functions that fill new versions of stream views share. */
export function streamFillDeps(env: {
  readonly TABLE_NAME: string;
  readonly AWS_LAMBDA_FUNCTION_MEMORY_SIZE: number;
}): FillStreamVersionsDeps {
  const table = createTable(documentClient(), env.TABLE_NAME);
  return {
    definitions: createDefinitionStore(table),
    files: createRecordFiles(table),
    records: createEarlierRecords({ functionMemoryMb: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE }),
    values: createEarlierValues(table),
    fills: createStreamFills(table),
    erasures: createFeatureErasureStore(table),
    clock: systemClock,
    ids: ulidGenerator,
    wait,
  };
}
