import { readEnvironment } from '#shared/lambda/environment.ts';
import { scheduleHandler } from '#shared/lambda/event.ts';
import { jobEnvironment } from '../env.ts';
import { reconcileChecks } from '../use-cases/reconcile-checks.ts';
import { jobDeps } from './composition.ts';

const deps = jobDeps(readEnvironment(jobEnvironment));

export const handler = scheduleHandler(() => reconcileChecks(deps));
