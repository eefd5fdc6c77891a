import { setTimeout as pause } from 'node:timers/promises';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { mlflowEnvironment } from '../env.ts';
import { createHeads } from '../store/heads-store.ts';
import { createTraceFiles } from '../store/trace-files.ts';
import { createTraceStore } from '../store/traces-store.ts';

/** What the use cases of traces work with. */
export function traceDeps() {
  const { TABLE_NAME, MODELS_BUCKET } = readEnvironment(mlflowEnvironment);
  const table = createTable(documentClient(), TABLE_NAME);
  return {
    heads: createHeads(table),
    store: createTraceStore(table, createTraceFiles(MODELS_BUCKET), pause),
    clock: systemClock,
    ids: ulidGenerator,
    pause,
  };
}
