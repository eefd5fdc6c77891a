import { promoteVersion as task } from '#services/deployment/contract.ts';
import { taskHandler } from '#shared/lambda/task.ts';
import { releaseEnvironment } from '../env.ts';
import { promoteVersion } from '../use-cases/end-canary.ts';
import { openAlarms, openStore } from './composition.ts';

const { store, clock } = openStore(releaseEnvironment);
const alarms = openAlarms();

export const handler = taskHandler(task, (input, { metadata }) =>
  promoteVersion({ store, clock, alarms }, { ...input, metadata }),
);
