import * as z from 'zod';
import { defineMlflowRoute } from '#shared/mlflow/route.ts';
import { bool, int64, keyValue, repeated } from '#shared/mlflow/wire.ts';

const modelId = z.string().min(1);
/** An optional text: empty means the same as none, as in a message of protocol buffers. */
const optionalText = z
  .string()
  .nullish()
  .transform((text) => text || undefined);

const loggedModelStatuses = [
  'LOGGED_MODEL_STATUS_UNSPECIFIED',
  'LOGGED_MODEL_PENDING',
  'LOGGED_MODEL_READY',
  'LOGGED_MODEL_UPLOAD_FAILED',
] as const;
/** By its name, or by its number in the protocol buffers. */
const loggedModelStatus = z.union([
  z.enum(loggedModelStatuses),
  int64.pipe(z.number().min(0).max(3)).transform((number) => loggedModelStatuses[number]!),
]);

export const createLoggedModel = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.createLoggedModel',
  method: 'POST',
  path: '/mlflow/logged-models',
  role: 'scientist',
  message: z.object({
    experiment_id: z.string().min(1),
    name: z.string().nullish(),
    model_type: optionalText,
    source_run_id: optionalText,
    params: repeated(keyValue),
    tags: repeated(keyValue),
  }),
});

export const searchLoggedModels = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.searchLoggedModels',
  method: 'POST',
  path: '/mlflow/logged-models/search',
  role: 'viewer',
  message: z.object({
    experiment_ids: repeated(z.string()),
    filter: optionalText,
    datasets: repeated(z.object({ dataset_name: z.string().default(''), dataset_digest: optionalText })),
    max_results: int64.nullish(),
    order_by: repeated(
      z.object({
        field_name: z.string(),
        ascending: bool.default(true),
        dataset_name: optionalText,
        dataset_digest: optionalText,
      }),
    ),
    page_token: optionalText,
  }),
});

export const getLoggedModel = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.getLoggedModel',
  method: 'GET',
  path: '/mlflow/logged-models/{model_id}',
  role: 'viewer',
  message: z.object({ model_id: modelId, allow_deleted: bool.default(false) }),
});

export const finalizeLoggedModel = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.finalizeLoggedModel',
  method: 'PATCH',
  path: '/mlflow/logged-models/{model_id}',
  role: 'scientist',
  message: z.object({ model_id: modelId, status: loggedModelStatus }),
});

export const deleteLoggedModel = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.deleteLoggedModel',
  method: 'DELETE',
  path: '/mlflow/logged-models/{model_id}',
  role: 'scientist',
  message: z.object({ model_id: modelId }),
});

export const setLoggedModelTags = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.setLoggedModelTags',
  method: 'PATCH',
  path: '/mlflow/logged-models/{model_id}/tags',
  role: 'scientist',
  message: z.object({ model_id: modelId, tags: repeated(keyValue) }),
});

export const deleteLoggedModelTag = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.deleteLoggedModelTag',
  method: 'DELETE',
  path: '/mlflow/logged-models/{model_id}/tags/{tag_key+}',
  role: 'scientist',
  message: z.object({ model_id: modelId, tag_key: z.string().min(1) }),
});

export const logLoggedModelParams = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.LogLoggedModelParams',
  method: 'POST',
  path: '/mlflow/logged-models/{model_id}/params',
  role: 'scientist',
  message: z.object({ model_id: modelId, params: repeated(keyValue) }),
});

export const loggedModelRoutes = [
  createLoggedModel,
  searchLoggedModels,
  getLoggedModel,
  finalizeLoggedModel,
  deleteLoggedModel,
  setLoggedModelTags,
  deleteLoggedModelTag,
  logLoggedModelParams,
];
