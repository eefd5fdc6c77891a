import { startCanary as task } from '#services/deployment/contract.ts';
import { taskHandler } from '#shared/lambda/task.ts';
import { releaseEnvironment } from '../env.ts';
import { startCanary } from '../use-cases/start-canary.ts';
import { openAlarms, openStore } from './composition.ts';

const { store, clock, environment } = openStore(releaseEnvironment);
const alarms = openAlarms();

export const handler = taskHandler(task, (input, { metadata }) =>
  startCanary({ store, clock, alarms, stage: environment.MILLRACE_STAGE }, { ...input, metadata }),
);
