import type * as z from 'zod';
import { getProject } from '#services/projects/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import type { evaluationEnvironment } from '../env.ts';
import { createHeldOutObjects } from '../store/held-out-objects.ts';
import type { JudgeModelDeps } from '../use-cases/judge-model.ts';

/** What the functions that measure models have in common. */
export const judgingDeps = (env: z.output<typeof evaluationEnvironment>): JudgeModelDeps => ({
  objects: createHeldOutObjects(env.DATA_BUCKET),
  projects: {
    async gates(project, revision) {
      const { definition } = await ask(env.MILLRACE_STAGE, getProject, { project, revision });
      return definition.gates;
    },
  },
});
