import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { taskHandler } from '#shared/lambda/task.ts';
import { evaluateVersion as task } from '../contract.ts';
import { evaluationEnvironment } from '../env.ts';
import { createVersionEvaluationStore } from '../store/version-evaluation-store.ts';
import { evaluateVersion } from '../use-cases/evaluate-version.ts';
import { judgingDeps } from './judging.ts';

const env = readEnvironment(evaluationEnvironment);
const deps = {
  ...judgingDeps(env),
  store: createVersionEvaluationStore(createTable(documentClient(), env.TABLE_NAME)),
  clock: systemClock,
  ids: ulidGenerator,
};

export const handler = taskHandler(task, (input, { metadata }) => evaluateVersion(deps, input, metadata));
