import { DatasetErasureCompleted } from '#events/datasets.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { environment } from '../env.ts';
import { checkErased } from '../use-cases/check-events.ts';
import { requestDeps } from './composition.ts';

const deps = requestDeps(readEnvironment(environment));

export const handler = eventHandler(DatasetErasureCompleted, ({ detail }) => checkErased(deps, detail));
