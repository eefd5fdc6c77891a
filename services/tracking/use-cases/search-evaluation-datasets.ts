import type { Caller } from '#shared/contracts/caller.ts';
import type { Page } from '#shared/kernel/paging.ts';
import { evaluationDatasets as searched } from '#shared/mlflow/search/entities.ts';
import { parseFilter } from '#shared/mlflow/search/filter.ts';
import { parseOrderBy } from '#shared/mlflow/search/order.ts';
import { searchPage } from '#shared/mlflow/search/page.ts';
import type { EvaluationDataset } from '../domain/evaluation-dataset.ts';
import { assertMaxResults } from '../domain/limits.ts';
import { type EvaluationDatasetDeps, mayUse } from './evaluation-datasets.ts';

export interface EvaluationDatasetSearch {
  /** For one of these; any where there are none. */
  readonly experimentIds: readonly string[];
  readonly filter?: string | undefined;
  readonly orderBy: readonly string[];
  readonly maxResults: number;
  readonly pageToken?: string | undefined;
}

const maxMaxResults = 50_000;
/** Lambda answers with 6 MB at most. */
const maxAnswerBytes = 4_500_000;

/** Datasets all of whose projects the caller may see. Throws InvalidSearch, InvalidParameter, InvalidPageToken. */
export async function searchEvaluationDatasets(
  { evaluationDatasets }: Pick<EvaluationDatasetDeps, 'evaluationDatasets'>,
  caller: Caller,
  search: EvaluationDatasetSearch,
): Promise<Page<EvaluationDataset>> {
  assertMaxResults(search.maxResults, maxMaxResults);
  const filter = parseFilter(searched, search.filter);
  const order = parseOrderBy(searched, search.orderBy);
  const wanted = new Set(search.experimentIds);
  const items = (await evaluationDatasets.all()).filter(
    (dataset) =>
      mayUse(caller, 'viewer', dataset) &&
      (wanted.size === 0 || dataset.experimentIds.some((id) => wanted.has(id))),
  );
  return searchPage({
    items,
    toRecord: (dataset) => ({
      id: dataset.datasetId,
      attributes: {
        name: dataset.name,
        created_by: dataset.createdBy,
        last_updated_by: dataset.updatedBy,
        created_time: dataset.createdAtMs,
        last_update_time: dataset.updatedAtMs,
        dataset_id: dataset.datasetId,
      },
      tags: dataset.tags,
    }),
    filter,
    order,
    maxResults: search.maxResults,
    pageToken: search.pageToken,
    bytes: { of: (dataset) => JSON.stringify(dataset).length, most: maxAnswerBytes },
    scope: [...wanted].sort(),
  });
}
