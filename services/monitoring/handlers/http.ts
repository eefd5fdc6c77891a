import {
  evaluateDriftNow,
  readDrift as readDriftEndpoint,
  readPerformance as readPerformanceEndpoint,
} from '#services/monitoring/contract.ts';
import { httpHandler, route } from '#shared/lambda/http.ts';
import { evaluateNow } from '../use-cases/close-open-windows.ts';
import { readDrift, readPerformance, worstOf } from '../use-cases/read-monitoring.ts';
import { openMonitoring } from './composition.ts';

const deps = openMonitoring();

export const handler = httpHandler([
  route(readDriftEndpoint, ({ params, query }) => readDrift(deps, params.project, query.limit)),
  route(evaluateDriftNow, async ({ params, caller }) => {
    const evaluations = await evaluateNow(deps, params.project, { type: 'user', id: caller.id });
    return { evaluations: evaluations.map(worstOf) };
  }),
  route(readPerformanceEndpoint, async ({ params, query }) => ({
    measurements: await readPerformance(deps, params.project, query.limit),
  })),
]);
