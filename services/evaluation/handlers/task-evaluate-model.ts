import { getProject } from '#services/projects/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { taskHandler } from '#shared/lambda/task.ts';
import { evaluateModel as task } from '../contract.ts';
import { evaluationEnvironment } from '../env.ts';
import { createEvaluationStore } from '../store/evaluation-store.ts';
import { createHeldOutObjects } from '../store/held-out-objects.ts';
import { type EvaluateModelDeps, evaluateModel } from '../use-cases/evaluate-model.ts';

const env = readEnvironment(evaluationEnvironment);
const deps: EvaluateModelDeps = {
  store: createEvaluationStore(createTable(documentClient(), env.TABLE_NAME)),
  objects: createHeldOutObjects(env.DATA_BUCKET),
  projects: {
    async gates(project, revision) {
      const { definition } = await ask(env.MILLRACE_STAGE, getProject, { project, revision });
      return definition.gates;
    },
  },
  clock: systemClock,
  ids: ulidGenerator,
};

export const handler = taskHandler(task, (input, { metadata }) => evaluateModel(deps, input, metadata));
