import * as z from 'zod';
import { defineMlflowRoute } from '#shared/mlflow/route.ts';
import { int64, keyValue, repeated } from '#shared/mlflow/wire.ts';

const path = (operation: string): string => `/mlflow/registered-models/${operation}`;
const named = z.object({ name: z.string() });
const latestVersionsMessage = z.object({ name: z.string(), stages: repeated(z.string()) });
/** A body with all tags of a model or a version, of which each may have 100,000 characters. */
export const maxTaggedBodyBytes = 2_000_000;

export const createRegisteredModel = defineMlflowRoute({
  service: 'registry',
  name: 'ModelRegistryService.createRegisteredModel',
  method: 'POST',
  path: path('create'),
  role: 'scientist',
  message: named.extend({ tags: repeated(keyValue), description: z.string().optional() }),
  maxBodyBytes: maxTaggedBodyBytes,
});

export const renameRegisteredModel = defineMlflowRoute({
  service: 'registry',
  name: 'ModelRegistryService.renameRegisteredModel',
  method: 'POST',
  path: path('rename'),
  role: 'scientist',
  message: named.extend({ new_name: z.string() }),
});

export const updateRegisteredModel = defineMlflowRoute({
  service: 'registry',
  name: 'ModelRegistryService.updateRegisteredModel',
  method: 'PATCH',
  path: path('update'),
  role: 'scientist',
  message: named.extend({ description: z.string().default('') }),
});

export const deleteRegisteredModel = defineMlflowRoute({
  service: 'registry',
  name: 'ModelRegistryService.deleteRegisteredModel',
  method: 'DELETE',
  path: path('delete'),
  role: 'scientist',
  message: named,
});

export const getRegisteredModel = defineMlflowRoute({
  service: 'registry',
  name: 'ModelRegistryService.getRegisteredModel',
  method: 'GET',
  path: path('get'),
  role: 'viewer',
  message: named,
});

export const searchRegisteredModels = defineMlflowRoute({
  service: 'registry',
  name: 'ModelRegistryService.searchRegisteredModels',
  method: 'GET',
  path: path('search'),
  role: 'viewer',
  message: z.object({
    filter: z.string().optional(),
    max_results: int64.default(100),
    order_by: repeated(z.string()),
    page_token: z.string().optional(),
  }),
});

/** Clients of MLflow 1 ask by GET, later ones by POST. */
export const getLatestVersions = defineMlflowRoute({
  service: 'registry',
  name: 'ModelRegistryService.getLatestVersions',
  method: 'POST',
  path: path('get-latest-versions'),
  role: 'viewer',
  message: latestVersionsMessage,
});
export const getLatestVersionsByQuery = defineMlflowRoute({
  ...getLatestVersions,
  name: 'ModelRegistryService.getLatestVersionsByQuery',
  method: 'GET',
});

export const setRegisteredModelTag = defineMlflowRoute({
  service: 'registry',
  name: 'ModelRegistryService.setRegisteredModelTag',
  method: 'POST',
  path: path('set-tag'),
  role: 'scientist',
  message: named.extend({ key: z.string(), value: z.string().default('') }),
});

export const deleteRegisteredModelTag = defineMlflowRoute({
  service: 'registry',
  name: 'ModelRegistryService.deleteRegisteredModelTag',
  method: 'DELETE',
  path: path('delete-tag'),
  role: 'scientist',
  message: named.extend({ key: z.string() }),
});

/** An approver where a release moves the alias: use-cases/model-access.ts. */
export const setRegisteredModelAlias = defineMlflowRoute({
  service: 'registry',
  name: 'ModelRegistryService.setRegisteredModelAlias',
  method: 'POST',
  path: path('alias'),
  role: 'scientist',
  message: named.extend({ alias: z.string(), version: z.string() }),
});

export const deleteRegisteredModelAlias = defineMlflowRoute({
  service: 'registry',
  name: 'ModelRegistryService.deleteRegisteredModelAlias',
  method: 'DELETE',
  path: path('alias'),
  role: 'scientist',
  message: named.extend({ alias: z.string() }),
});

export const getModelVersionByAlias = defineMlflowRoute({
  service: 'registry',
  name: 'ModelRegistryService.getModelVersionByAlias',
  method: 'GET',
  path: path('alias'),
  role: 'viewer',
  message: named.extend({ alias: z.string() }),
});

export const registeredModelRoutes = [
  createRegisteredModel,
  renameRegisteredModel,
  updateRegisteredModel,
  deleteRegisteredModel,
  getRegisteredModel,
  searchRegisteredModels,
  getLatestVersions,
  getLatestVersionsByQuery,
  setRegisteredModelTag,
  deleteRegisteredModelTag,
  setRegisteredModelAlias,
  deleteRegisteredModelAlias,
  getModelVersionByAlias,
];
