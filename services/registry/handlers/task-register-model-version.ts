import { taskHandler } from '#shared/lambda/task.ts';
import { registerModelVersion as task } from '../contract.ts';
import { registerModelVersion } from '../use-cases/register-model-version.ts';
import { registryDeps } from './registry.ts';

const deps = registryDeps();

export const handler = taskHandler(task, (input, { metadata }) =>
  registerModelVersion(deps, input, metadata),
);
