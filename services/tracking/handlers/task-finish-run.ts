import { taskHandler } from '#shared/lambda/task.ts';
import { finishRun as task } from '../contract.ts';
import { finishRun } from '../use-cases/finish-run.ts';
import { trackingDeps } from './tracking.ts';

const deps = trackingDeps();

export const handler = taskHandler(task, (input, { metadata }) => finishRun(deps, input, metadata));
