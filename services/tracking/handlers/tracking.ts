import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { environment } from '../env.ts';
import { createExperimentStore } from '../store/experiment-store.ts';
import { createRunIndex } from '../store/run-index.ts';
import { createRunStore } from '../store/run-store.ts';
import type { CoreDeps } from '../use-cases/deps.ts';

/** What the functions of tracking have in common. */
export function trackingDeps(): CoreDeps {
  const { TABLE_NAME } = readEnvironment(environment);
  const table = createTable(documentClient(), TABLE_NAME);
  return {
    experiments: createExperimentStore(table),
    runs: createRunStore(table, ulidGenerator),
    runIndex: createRunIndex(table),
    clock: systemClock,
    ids: ulidGenerator,
    newRunId: () => randomUUID().replaceAll('-', ''),
    newExperimentId,
    random: Math.random,
    pause,
  };
}

/** 18 digits, the first no zero: clients that take it for a number lose nothing. */
function newExperimentId(): string {
  const half = () => String(randomInt(10 ** 9)).padStart(9, '0');
  return `${randomInt(1, 10)}${half()}${half()}`.slice(0, 18);
}
