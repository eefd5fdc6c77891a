import { taskHandler } from '#shared/lambda/task.ts';
import { moveAlias as task } from '../contract.ts';
import { moveAlias } from '../use-cases/move-alias.ts';
import { registryDeps } from './registry.ts';

const deps = registryDeps();

export const handler = taskHandler(task, (input, { metadata }) => moveAlias(deps, input, metadata));
