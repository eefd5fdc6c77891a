import {
  listServingLedger,
  readDeployment,
  requestRelease as requestEndpoint,
  rollBackDeployment as rollBackEndpoint,
} from '#services/deployment/contract.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { httpHandler, route } from '#shared/lambda/http.ts';
import { releaseEnvironment } from '../env.ts';
import { createProjects } from '../store/projects.ts';
import { createVersions } from '../store/versions.ts';
import { requestRelease } from '../use-cases/request-release.ts';
import { rollBackDeployment } from '../use-cases/roll-back-deployment.ts';
import { openStore } from './composition.ts';

const { store, clock, endpointName, environment } = openStore(releaseEnvironment);
const releasesShown = 20;
const requests = {
  store,
  clock,
  endpointName,
  ids: ulidGenerator,
  projects: createProjects(environment.MILLRACE_STAGE),
  versions: createVersions(environment.MILLRACE_STAGE),
};

export const handler = httpHandler([
  route(readDeployment, async ({ params: { project } }) => {
    const [routing, releases] = await Promise.all([
      store.readRouting(project),
      store.listReleases(project, releasesShown),
    ]);
    return {
      ...(routing ? { routing } : {}),
      releases: releases.map(({ releaseId, modelVersion, status, openedAt, reason, closedAt }) => ({
        releaseId,
        modelVersion,
        status,
        openedAt,
        ...(reason ? { reason } : {}),
        ...(closedAt ? { closedAt } : {}),
      })),
    };
  }),
  route(listServingLedger, async ({ params: { project }, query }) => {
    const page = await store.listLedger(project, query.pageToken);
    return { ...page, items: [...page.items] };
  }),
  route(requestEndpoint, ({ params, body: { reason }, caller }) =>
    requestRelease(requests, { ...params, reason, by: caller.id }),
  ),
  route(rollBackEndpoint, ({ params: { project }, body, caller }) =>
    rollBackDeployment(
      { store, clock, ids: ulidGenerator, endpointName },
      { project, reason: body.reason, by: caller.id },
    ),
  ),
]);
