import { httpHandler, route } from '#shared/lambda/http.ts';
import * as contract from '../contract.ts';
import { listRuns, readRun } from '../use-cases/read-runs.ts';
import { trackingDeps } from './tracking.ts';

const { store } = trackingDeps();

export const handler = httpHandler([
  route(contract.listRuns, async ({ params, query }) => {
    const page = await listRuns(store, params.project, query.pageToken);
    return { ...page, items: [...page.items] };
  }),
  route(contract.readRun, ({ params }) => readRun(store, params.project, params.runId)),
]);
