import { type Route, route } from '#shared/lambda/http.ts';
import * as contract from '../../contract.ts';
import { listSkewReports } from '../../use-cases/read-skew.ts';
import {
  listFeatureErasures,
  type RequestFeatureErasureDeps,
  readFeatureErasure,
  requestFeatureErasure,
} from '../../use-cases/request-feature-erasure.ts';
import { type RequestSkewCheckDeps, requestSkewCheck } from '../../use-cases/request-skew-check.ts';
import { type ReadFreshnessDeps, readFreshness } from '../../use-cases/watch-freshness.ts';

/** Skew, freshness, and erasures by entity key. */
export const oversightRoutes = (
  deps: RequestSkewCheckDeps & ReadFreshnessDeps & RequestFeatureErasureDeps,
): Route[] => [
  route(contract.listFeatureSkew, ({ params, query }) => listSkewReports(deps, { ...params, ...query })),
  route(contract.checkFeatureSkew, ({ params, caller }) =>
    requestSkewCheck(deps, { ...params, requestedBy: caller.id }),
  ),
  route(contract.readFeatureFreshness, ({ params }) => readFreshness(deps, params.project)),
  route(contract.requestFeatureErasure, ({ params, body, caller }) =>
    requestFeatureErasure(deps, { ...params, ...body, requestedBy: caller.id }),
  ),
  route(contract.listFeatureErasures, async ({ params, query }) => {
    const page = await listFeatureErasures(deps, { ...params, ...query });
    return { ...page, items: [...page.items] };
  }),
  route(contract.readFeatureErasure, ({ params }) => readFeatureErasure(deps, params)),
];
