import { openRelease as task } from '#services/deployment/contract.ts';
import { getProject } from '#services/projects/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import { taskHandler } from '#shared/lambda/task.ts';
import { releaseEnvironment } from '../env.ts';
import { openRelease } from '../use-cases/open-release.ts';
import { openStore } from './composition.ts';

const { store, clock, environment } = openStore(releaseEnvironment);
const projects = {
  definition: async (project: string, revision: number) =>
    (await ask(environment.MILLRACE_STAGE, getProject, { project, revision })).definition,
};

export const handler = taskHandler(task, (input) => openRelease({ store, clock, projects }, input));
