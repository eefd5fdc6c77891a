import { judgeCanary as task } from '#services/deployment/contract.ts';
import { taskHandler } from '#shared/lambda/task.ts';
import { judgeCanary } from '../use-cases/watch-canary.ts';
import { openAlarms } from './composition.ts';

const alarms = openAlarms();

export const handler = taskHandler(task, ({ alarmNames }) => judgeCanary({ alarms }, alarmNames));
