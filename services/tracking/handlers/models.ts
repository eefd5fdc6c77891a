import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { environment } from '../env.ts';
import { createEvaluationDatasetStore } from '../store/evaluation-dataset-store.ts';
import { createExperimentStore } from '../store/experiment-store.ts';
import { createHeads } from '../store/heads-store.ts';
import { createLoggedModelStore } from '../store/logged-model-store.ts';
import { createScorerStore } from '../store/scorer-store.ts';
import type { EvaluationDatasetDeps } from '../use-cases/evaluation-datasets.ts';
import type { LoggedModelDeps } from '../use-cases/logged-models.ts';
import type { ScorerDeps } from '../use-cases/scorers.ts';
import { newHexId } from './tracking.ts';

/** What logged models, and what they are evaluated with, work with. */
export function modelDeps(): LoggedModelDeps & EvaluationDatasetDeps & ScorerDeps {
  const table = createTable(documentClient(), readEnvironment(environment).TABLE_NAME);
  return {
    models: createLoggedModelStore(table),
    evaluationDatasets: createEvaluationDatasetStore(table, ulidGenerator),
    scorers: createScorerStore(table),
    experiments: createExperimentStore(table),
    heads: createHeads(table),
    clock: systemClock,
    newId: newHexId,
    newScorerId: randomUUID,
    random: Math.random,
    pause,
  };
}
