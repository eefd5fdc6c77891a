import { DriftDetected } from '#events/monitoring.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { environment } from '../env.ts';
import { requestAfterDrift } from '../use-cases/request-after-event.ts';
import { governorDeps } from './governor.ts';

const deps = governorDeps(readEnvironment(environment));

export const handler = eventHandler(DriftDetected, ({ detail }) => requestAfterDrift(deps, detail));
