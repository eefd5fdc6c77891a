import { SFNClient } from '@aws-sdk/client-sfn';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { scheduleHandler } from '#shared/lambda/event.ts';
import { reconcilerEnvironment } from '../env.ts';
import { createTrainingMachine } from '../store/training-machine.ts';
import { reconcile } from '../use-cases/reconcile.ts';
import { governorDeps } from './governor.ts';
import { jobDeps } from './jobs.ts';

const env = readEnvironment(reconcilerEnvironment);
const deps = {
  ...governorDeps(env),
  ...jobDeps(env),
  machine: createTrainingMachine(new SFNClient({}), env.STATE_MACHINE_ARN),
};

export const handler = scheduleHandler(() => reconcile(deps));
