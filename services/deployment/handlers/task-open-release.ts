import { openRelease as task } from '#services/deployment/contract.ts';
import { taskHandler } from '#shared/lambda/task.ts';
import { packagingEnvironment } from '../env.ts';
import { createClientFiles } from '../store/client-files.ts';
import { createProjects } from '../store/projects.ts';
import { createServingFacts } from '../store/serving-facts.ts';
import { openRelease } from '../use-cases/open-release.ts';
import { openStore } from './composition.ts';

const { store, clock, environment, endpointName } = openStore(packagingEnvironment);
const deps = {
  store,
  clock,
  endpointName,
  projects: createProjects(environment.MILLRACE_STAGE),
  files: createClientFiles(environment.MODELS_BUCKET),
  serving: createServingFacts(environment.MILLRACE_STAGE),
};

export const handler = taskHandler(task, (input) => openRelease(deps, input));
