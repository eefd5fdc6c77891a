import { watchCanary as task } from '#services/deployment/contract.ts';
import { createTaskTokens } from '#shared/aws/task-tokens.ts';
import { waitingTaskHandler } from '#shared/lambda/task.ts';
import { releaseEnvironment } from '../env.ts';
import { watchCanary } from '../use-cases/watch-canary.ts';
import { openAlarms, openStore } from './composition.ts';

const { store } = openStore(releaseEnvironment);
const alarms = openAlarms();
const tokens = createTaskTokens();

export const handler = waitingTaskHandler(task, ({ alarmNames }, { taskToken }) =>
  watchCanary({ store, alarms, tokens }, alarmNames, taskToken),
);
