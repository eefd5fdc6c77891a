import * as z from 'zod';
import type { Role } from '#shared/contracts/endpoint.ts';
import { defineMlflowRoute, type MlflowRoute } from '#shared/mlflow/route.ts';
import { int64, repeated } from '#shared/mlflow/wire.ts';

const datasetId = { dataset_id: z.string().min(1) };
const experimentIds = { experiment_ids: repeated(z.string()) };
/** A JSON text in a field. */
const jsonText = z.string().nullish();

const define = <Message extends z.ZodType>(
  method: MlflowRoute['method'],
  name: string,
  path: string,
  role: Role,
  message: Message,
  maxBodyBytes?: number,
) =>
  defineMlflowRoute({
    service: 'tracking',
    name: `MlflowService.${name}`,
    method,
    path: `/mlflow/datasets/${path}`,
    versions: ['3.0'],
    role,
    message,
    ...(maxBodyBytes ? { maxBodyBytes } : {}),
  });

export const createDataset = define(
  'POST',
  'createDataset',
  'create',
  'scientist',
  z.object({ name: z.string().min(1), ...experimentIds, tags: jsonText }),
);

const search = z.object({
  ...experimentIds,
  filter_string: z.string().nullish(),
  max_results: int64.default(1000),
  order_by: repeated(z.string()),
  page_token: z.string().nullish(),
});
export const searchDatasets = define('POST', 'searchEvaluationDatasets', 'search', 'viewer', search);
export const searchDatasetsByQuery = define(
  'GET',
  'searchEvaluationDatasetsByQuery',
  'search',
  'viewer',
  search,
);

export const getDataset = define('GET', 'getDataset', '{dataset_id}', 'viewer', z.object(datasetId));
export const deleteDataset = define(
  'DELETE',
  'deleteDataset',
  '{dataset_id}',
  'scientist',
  z.object(datasetId),
);

export const setDatasetTags = define(
  'PATCH',
  'setDatasetTags',
  '{dataset_id}/tags',
  'scientist',
  z.object({ ...datasetId, tags: z.string() }),
);
export const deleteDatasetTag = define(
  'DELETE',
  'deleteDatasetTag',
  '{dataset_id}/tags/{key+}',
  'scientist',
  z.object({ ...datasetId, key: z.string().min(1) }),
);

/** Clients send all records in one message; Lambda takes 6 MB with the envelope. */
const maxRecordsBytes = 5_000_000;

export const upsertDatasetRecords = define(
  'POST',
  'upsertDatasetRecords',
  '{dataset_id}/records',
  'scientist',
  z.object({ ...datasetId, records: z.string() }),
  maxRecordsBytes,
);
export const getDatasetRecords = define(
  'GET',
  'getDatasetRecords',
  '{dataset_id}/records',
  'viewer',
  z.object({ ...datasetId, max_results: int64.nullish(), page_token: z.string().nullish() }),
);
export const deleteDatasetRecords = define(
  'DELETE',
  'deleteDatasetRecords',
  '{dataset_id}/records',
  'scientist',
  z.object({ ...datasetId, dataset_record_ids: repeated(z.string()) }),
);

export const getDatasetExperimentIds = define(
  'GET',
  'getDatasetExperimentIds',
  '{dataset_id}/experiment-ids',
  'viewer',
  z.object(datasetId),
);
export const addDatasetToExperiments = define(
  'POST',
  'addDatasetToExperiments',
  '{dataset_id}/add-experiments',
  'scientist',
  z.object({ ...datasetId, ...experimentIds }),
);
export const removeDatasetFromExperiments = define(
  'POST',
  'removeDatasetFromExperiments',
  '{dataset_id}/remove-experiments',
  'scientist',
  z.object({ ...datasetId, ...experimentIds }),
);

export const evaluationDatasetRoutes = [
  createDataset,
  searchDatasets,
  searchDatasetsByQuery,
  getDataset,
  deleteDataset,
  setDatasetTags,
  deleteDatasetTag,
  upsertDatasetRecords,
  getDatasetRecords,
  deleteDatasetRecords,
  getDatasetExperimentIds,
  addDatasetToExperiments,
  removeDatasetFromExperiments,
];
