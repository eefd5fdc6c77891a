import { DatasetVersionCreated } from '#events/datasets.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { environment } from '../env.ts';
import { checkUpload } from '../use-cases/check-events.ts';
import { requestDeps } from './composition.ts';

const deps = requestDeps(readEnvironment(environment));

export const handler = eventHandler(DatasetVersionCreated, ({ detail }) => checkUpload(deps, detail));
