import { requireRole } from '#shared/contracts/caller.ts';
import { route } from '#shared/lambda/http.ts';
import * as contract from '../../contract.ts';
import type { EntityFiles } from '../../ports.ts';
import { listRetrievals, type ReadRetrievalsDeps, readRetrieval } from '../../use-cases/read-retrievals.ts';
import { type RequestRetrievalDeps, requestRetrieval } from '../../use-cases/request-retrieval.ts';

export type HistoricalDeps = Omit<RequestRetrievalDeps, 'files'> &
  ReadRetrievalsDeps & { readonly files: EntityFiles };

/** Routes of training sets that people ask for. */
export const historicalRoutes = (deps: HistoricalDeps) => [
  route(contract.getHistoricalFeatures, ({ params, body, caller }) =>
    requestRetrieval(deps, {
      ...params,
      ...body,
      requestedBy: caller.id,
      assertViewer: (project) => requireRole(caller, 'viewer', project),
    }),
  ),
  route(contract.listHistoricalFeatures, ({ params, query }) =>
    listRetrievals(deps, { ...params, ...query }),
  ),
  route(contract.readHistoricalFeatures, ({ params }) => readRetrieval(deps, params)),
  route(contract.createEntityFile, async ({ params: { project } }) => {
    const fileId = deps.ids.next();
    return { fileId, ...(await deps.files.create(project, fileId, deps.clock.now())) };
  }),
];
