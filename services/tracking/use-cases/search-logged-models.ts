import type { Caller } from '#shared/contracts/caller.ts';
import { hasRole } from '#shared/contracts/caller.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { Page } from '#shared/kernel/paging.ts';
import { loggedModels } from '#shared/mlflow/search/entities.ts';
import type { SearchRecord } from '#shared/mlflow/search/entity.ts';
import { parseFilter } from '#shared/mlflow/search/filter.ts';
import { type OrderField, parseOrderFields } from '#shared/mlflow/search/order.ts';
import { searchPage } from '#shared/mlflow/search/page.ts';
import type { LoggedModel, ModelMetric } from '../domain/logged-model.ts';
import type { LoggedModelDeps } from './logged-models.ts';

export interface DatasetChoice {
  readonly datasetName: string;
  readonly datasetDigest?: string | undefined;
}

export interface LoggedModelSearch {
  readonly experimentIds: readonly string[];
  readonly filter?: string | undefined;
  /** Metrics on these alone count for the filter; of a filter without metrics, models that have one on them. */
  readonly datasets: readonly DatasetChoice[];
  readonly orderBy: readonly OrderField[];
  readonly maxResults: number;
  readonly pageToken?: string | undefined;
}

/** Lambda answers with 6 MB at most. */
const maxAnswerBytes = 4_500_000;

/** Active models of experiments that the caller may see. Throws InvalidSearch, InvalidPageToken. */
export async function searchLoggedModels(
  { models, heads }: Pick<LoggedModelDeps, 'models' | 'heads'>,
  caller: Caller,
  search: LoggedModelSearch,
): Promise<Page<LoggedModel>> {
  if (search.datasets.some(({ datasetName }) => !datasetName)) {
    throw new AppError(
      'invalid_input',
      'InvalidSearch',
      '`dataset_name` in the `datasets` clause must be specified.',
    );
  }
  const filter = parseFilter(loggedModels, search.filter);
  const order = parseOrderFields(loggedModels, search.orderBy);
  const isOnDatasets = onDatasets(search.datasets);
  const needsMetric = search.datasets.length > 0 && !filter.uses.has('metric');
  const wanted = [...new Set(search.experimentIds)].sort();
  const found = await Promise.all(wanted.map((id) => heads.experiment(id)));
  const visible = found.flatMap((head) =>
    head && hasRole(caller, 'viewer', head.project) ? [head.experimentId] : [],
  );
  const items = (await models.ofExperiments(visible)).filter(
    (model) => model.lifecycleStage === 'active' && (!needsMetric || model.metrics.some(isOnDatasets)),
  );
  return searchPage({
    items,
    toRecord: recordOf,
    filter: {
      ...filter,
      test: (record) =>
        filter.test({ ...record, datasetMetrics: (record.datasetMetrics ?? []).filter(isOnDatasets) }),
    },
    order,
    maxResults: search.maxResults,
    pageToken: search.pageToken,
    bytes: { of: (model) => JSON.stringify(model).length, most: maxAnswerBytes },
    scope: [...wanted, JSON.stringify(search.datasets)],
  });
}

const onDatasets =
  (datasets: readonly DatasetChoice[]) =>
  (metric: Pick<ModelMetric, 'datasetName' | 'datasetDigest'>): boolean =>
    datasets.length === 0 ||
    datasets.some(
      ({ datasetName, datasetDigest }) =>
        metric.datasetName === datasetName && (!datasetDigest || metric.datasetDigest === datasetDigest),
    );

const recordOf = (model: LoggedModel): SearchRecord => ({
  id: model.modelId,
  attributes: {
    name: model.name,
    model_id: model.modelId,
    model_type: model.modelType,
    status: model.status,
    source_run_id: model.sourceRunId,
    experiment_id: model.experimentId,
    artifact_location: model.artifactUri,
    creation_timestamp: model.createdAtMs,
    last_updated_timestamp: model.updatedAtMs,
  },
  params: model.params,
  tags: model.tags,
  datasetMetrics: model.metrics,
});
