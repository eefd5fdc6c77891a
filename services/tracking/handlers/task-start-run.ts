import { taskHandler } from '#shared/lambda/task.ts';
import { startRun as task } from '../contract.ts';
import { startRun } from '../use-cases/start-run.ts';
import { trackingDeps } from './tracking.ts';

const deps = trackingDeps();

export const handler = taskHandler(task, (input, { metadata }) => startRun(deps, input, metadata));
