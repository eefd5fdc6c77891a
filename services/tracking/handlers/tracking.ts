import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable, type Table } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { environment, mlflowEnvironment } from '../env.ts';
import { createDatasetStore } from '../store/dataset-store.ts';
import { createErasures } from '../store/erasures.ts';
import { createExperimentStore } from '../store/experiment-store.ts';
import { createLargeTexts } from '../store/large-texts.ts';
import { createLoggedModelStore } from '../store/logged-model-store.ts';
import { createRunIndex } from '../store/run-index.ts';
import { createRunStore } from '../store/run-store.ts';
import { createSealedSources } from '../store/sealed-store.ts';
import type { CoreDeps } from '../use-cases/deps.ts';

/** What the functions of tracking have in common. */
export function trackingDeps(): CoreDeps {
  return coreDeps(createTable(documentClient(), readEnvironment(environment).TABLE_NAME));
}

/** The same with what MLflow's API alone does: descriptions of datasets, and purges. */
export function mlflowDeps() {
  const { TABLE_NAME, MODELS_BUCKET } = readEnvironment(mlflowEnvironment);
  const table = createTable(documentClient(), TABLE_NAME);
  return {
    ...coreDeps(table),
    datasets: createDatasetStore(table, createLargeTexts(MODELS_BUCKET)),
    erasures: createErasures(table, MODELS_BUCKET),
    sealed: createSealedSources(table),
    models: createLoggedModelStore(table),
  };
}

function coreDeps(table: Table): CoreDeps {
  return {
    experiments: createExperimentStore(table),
    runs: createRunStore(table, ulidGenerator),
    runIndex: createRunIndex(table),
    clock: systemClock,
    ids: ulidGenerator,
    newRunId: newHexId,
    newExperimentId,
    random: Math.random,
    pause,
  };
}

/** A random UUID without its hyphens. */
export const newHexId = (): string => randomUUID().replaceAll('-', '');

/** 18 digits, the first no zero: clients that take it for a number lose nothing. */
function newExperimentId(): string {
  const half = () => String(randomInt(10 ** 9)).padStart(9, '0');
  return `${randomInt(1, 10)}${half()}${half()}`.slice(0, 18);
}
