import { httpHandler, route } from '#shared/lambda/http.ts';
import * as contract from '../contract.ts';
import { listRuns, readRun } from '../use-cases/read-runs.ts';
import { trackingDeps } from './tracking.ts';

const deps = trackingDeps();

export const handler = httpHandler([
  route(contract.listRuns, async ({ params, query }) => {
    const page = await listRuns(deps, params.project, query.pageToken);
    return { ...page, items: [...page.items] };
  }),
  route(contract.readRun, ({ params }) => readRun(deps, params.project, params.runId)),
]);
