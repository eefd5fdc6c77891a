import { ProjectApplied } from '#events/projects.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { environment } from '../env.ts';
import { checkFailedData, checkWaitingData } from '../use-cases/check-waiting-data.ts';
import { requestDeps } from './composition.ts';

const deps = requestDeps(readEnvironment(environment));

export const handler = eventHandler(ProjectApplied, async ({ detail: { data, metadata } }) => {
  await checkWaitingData(deps, data.project, metadata);
  await checkFailedData(deps, data.project, metadata);
});
