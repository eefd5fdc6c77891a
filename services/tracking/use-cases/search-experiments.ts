import { type Caller, hasRole } from '#shared/contracts/caller.ts';
import type { Page } from '#shared/kernel/paging.ts';
import { experiments as searched } from '#shared/mlflow/search/entities.ts';
import { parseFilter } from '#shared/mlflow/search/filter.ts';
import { parseOrderBy } from '#shared/mlflow/search/order.ts';
import { searchPage } from '#shared/mlflow/search/page.ts';
import type { Experiment } from '../domain/experiment.ts';
import { assertMaxResults } from '../domain/limits.ts';
import type { CoreDeps } from './deps.ts';
import { experimentRecord } from './search-records.ts';

/** Which lifecycle stages a search is about, as MLflow's messages name them. */
export type ViewType = 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL';

export interface Search {
  readonly filter: string;
  readonly viewType: ViewType;
  readonly maxResults: number;
  readonly orderBy: readonly string[];
  readonly pageToken: string | undefined;
}

export const maxSearchResults = 50_000;
/** An answer has 6 MB at most (Lambda). */
export const maxAnswerBytes = 4_500_000;

/** Experiments that the caller may see. Throws InvalidParameter, InvalidSearch, InvalidPageToken. */
export async function searchExperiments(
  { experiments }: Pick<CoreDeps, 'experiments'>,
  caller: Caller,
  { filter, viewType, maxResults, orderBy, pageToken }: Search,
): Promise<Page<Experiment>> {
  assertMaxResults(maxResults, maxSearchResults);
  const wanted = parseFilter(searched, filter);
  const order = parseOrderBy(searched, orderBy);
  const stages = (['active', 'deleted'] as const).filter(
    (stage) => viewType === 'ALL' || (viewType === 'ACTIVE_ONLY') === (stage === 'active'),
  );
  const found = await Promise.all(stages.map((stage) => experiments.list(stage)));
  return searchPage({
    items: found.flat().filter(({ project }) => hasRole(caller, 'viewer', project)),
    toRecord: experimentRecord,
    filter: wanted,
    order,
    maxResults,
    pageToken: pageToken || undefined,
    bytes: { of: (experiment) => JSON.stringify(experiment).length + 200, most: maxAnswerBytes },
    scope: [viewType],
  });
}
