import { invalidParameter } from '#shared/mlflow/errors.ts';
import { type BoundMlflowRoute, bindMlflow } from '#shared/mlflow/handler.ts';
import { type EvaluationDataset, sentRecords } from '../domain/evaluation-dataset.ts';
import { assertMaxResults } from '../domain/limits.ts';
import { isJsonObject, parseLossless } from '../domain/lossless-json.ts';
import type { PlacedRecord } from '../domain/record-blocks.ts';
import { deleteRecords, readRecords, upsertRecords } from '../use-cases/dataset-records.ts';
import * as useCases from '../use-cases/evaluation-datasets.ts';
import { searchEvaluationDatasets } from '../use-cases/search-evaluation-datasets.ts';
import * as routes from './routes/evaluation-datasets.ts';

const maxRecordsOfPage = 1000;

/** Datasets that models are evaluated with. */
export function evaluationDatasetRoutes(deps: useCases.EvaluationDatasetDeps): BoundMlflowRoute[] {
  return [...datasetRoutes(deps), ...experimentsOfDatasetRoutes(deps), ...recordRoutes(deps)];
}

function datasetRoutes(deps: useCases.EvaluationDatasetDeps): BoundMlflowRoute[] {
  const search = [routes.searchDatasets, routes.searchDatasetsByQuery].map((route) =>
    bindMlflow(route, async ({ message, caller }) => {
      const page = await searchEvaluationDatasets(deps, caller, {
        experimentIds: message.experiment_ids,
        filter: message.filter_string ?? undefined,
        orderBy: message.order_by,
        maxResults: message.max_results,
        pageToken: message.page_token || undefined,
      });
      return {
        datasets: page.items.map(datasetOnWire),
        ...(page.nextPageToken ? { next_page_token: page.nextPageToken } : {}),
      };
    }),
  );
  return [
    bindMlflow(routes.createDataset, async ({ message, caller }) => {
      const dataset = await useCases.createEvaluationDataset(deps, caller, {
        name: message.name,
        experimentIds: message.experiment_ids,
        tags: message.tags ? tagsOf(message.tags) : {},
      });
      return { dataset: datasetOnWire(dataset) };
    }),
    ...search,
    bindMlflow(routes.getDataset, async ({ message, caller }) => {
      const { dataset } = await useCases.readEvaluationDataset(deps, caller, message.dataset_id);
      return { dataset: datasetOnWire(dataset) };
    }),
    bindMlflow(routes.deleteDataset, async ({ message, caller }) => {
      await useCases.deleteEvaluationDataset(deps, caller, message.dataset_id);
      return {};
    }),
    bindMlflow(routes.setDatasetTags, async ({ message, caller }) => {
      const tags = tagsOf(message.tags);
      return {
        dataset: datasetOnWire(await useCases.setDatasetTags(deps, caller, message.dataset_id, tags)),
      };
    }),
    bindMlflow(routes.deleteDatasetTag, async ({ message, caller }) => {
      await useCases.deleteDatasetTag(deps, caller, message.dataset_id, message.key);
      return {};
    }),
  ];
}

function experimentsOfDatasetRoutes(deps: useCases.EvaluationDatasetDeps): BoundMlflowRoute[] {
  return [
    bindMlflow(routes.getDatasetExperimentIds, async ({ message, caller }) => {
      const { dataset } = await useCases.readEvaluationDataset(deps, caller, message.dataset_id);
      return { experiment_ids: dataset.experimentIds };
    }),
    bindMlflow(routes.addDatasetToExperiments, async ({ message, caller }) => {
      const { dataset_id, experiment_ids } = message;
      const dataset = await useCases.addDatasetExperiments(deps, caller, dataset_id, experiment_ids);
      return { dataset: datasetOnWire(dataset) };
    }),
    bindMlflow(routes.removeDatasetFromExperiments, async ({ message, caller }) => {
      const { dataset_id, experiment_ids } = message;
      const dataset = await useCases.removeDatasetExperiments(deps, caller, dataset_id, experiment_ids);
      return { dataset: datasetOnWire(dataset) };
    }),
  ];
}

function recordRoutes(deps: useCases.EvaluationDatasetDeps): BoundMlflowRoute[] {
  return [
    bindMlflow(routes.upsertDatasetRecords, async ({ message, caller }) => {
      const records = sentRecords(parseLossless(message.records, 'records'));
      const { inserted, updated } = await upsertRecords(deps, caller, message.dataset_id, records);
      return { inserted_count: inserted, updated_count: updated };
    }),
    bindMlflow(routes.getDatasetRecords, async ({ message, caller }) => {
      const maxResults = message.max_results || maxRecordsOfPage;
      assertMaxResults(maxResults, Number.MAX_SAFE_INTEGER);
      const { dataset_id, page_token } = message;
      const page = await readRecords(deps, caller, dataset_id, {
        maxResults,
        pageToken: page_token || undefined,
      });
      return {
        records: JSON.stringify(page.items.map((record) => recordOnWire(dataset_id, record))),
        ...(page.nextPageToken ? { next_page_token: page.nextPageToken } : {}),
      };
    }),
    bindMlflow(routes.deleteDatasetRecords, async ({ message, caller }) => {
      const deleted = await deleteRecords(deps, caller, message.dataset_id, message.dataset_record_ids);
      return { deleted_count: deleted };
    }),
  ];
}

function tagsOf(text: string): Readonly<Record<string, unknown>> {
  const tags = parseLossless(text, 'tags');
  if (isJsonObject(tags)) return tags;
  throw invalidParameter('tags', text, 'it must be a JSON object');
}

const datasetOnWire = (dataset: EvaluationDataset) => ({
  dataset_id: dataset.datasetId,
  name: dataset.name,
  tags: JSON.stringify(dataset.tags),
  schema: dataset.schema && JSON.stringify(dataset.schema),
  profile: dataset.recordCount === 0 ? undefined : JSON.stringify({ num_records: dataset.recordCount }),
  digest: dataset.digest,
  created_time: dataset.createdAtMs,
  last_update_time: dataset.updatedAtMs,
  created_by: dataset.createdBy,
  last_updated_by: dataset.updatedBy,
  experiment_ids: dataset.experimentIds,
});

const recordOnWire = (datasetId: string, record: PlacedRecord) => ({
  dataset_record_id: record.recordId,
  dataset_id: datasetId,
  inputs: record.inputs,
  outputs: record.outputs,
  expectations: record.expectations,
  tags: record.tags,
  source: record.source,
  source_type: record.source?.source_type,
  source_id: sourceIdOf(record.source?.source_data),
  created_time: record.createdAtMs,
  last_update_time: record.updatedAtMs,
  created_by: record.createdBy,
  last_updated_by: record.updatedBy,
});

function sourceIdOf(data: unknown): string | undefined {
  if (!isJsonObject(data)) return undefined;
  const id = data['trace_id'] ?? data['source_id'];
  return typeof id === 'string' ? id : undefined;
}
