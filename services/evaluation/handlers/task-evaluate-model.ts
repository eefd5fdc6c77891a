import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { taskHandler } from '#shared/lambda/task.ts';
import { evaluateModel as task } from '../contract.ts';
import { evaluationEnvironment } from '../env.ts';
import { createEvaluationStore } from '../store/evaluation-store.ts';
import { evaluateModel } from '../use-cases/evaluate-model.ts';
import { judgingDeps } from './judging.ts';

const env = readEnvironment(evaluationEnvironment);
const deps = {
  ...judgingDeps(env),
  store: createEvaluationStore(createTable(documentClient(), env.TABLE_NAME)),
  clock: systemClock,
  ids: ulidGenerator,
};

export const handler = taskHandler(task, (input, { metadata }) => evaluateModel(deps, input, metadata));
