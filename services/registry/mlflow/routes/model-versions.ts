import * as z from 'zod';
import { defineMlflowRoute } from '#shared/mlflow/route.ts';
import { bool, int64, keyValue, repeated } from '#shared/mlflow/wire.ts';
import { maxTaggedBodyBytes } from './registered-models.ts';

const path = (operation: string): string => `/mlflow/model-versions/${operation}`;
/** Some clients send the number as a number. */
const versionText = z.union([z.string(), z.number().transform(String)]);
const numbered = z.object({ name: z.string(), version: versionText });

export const createModelVersion = defineMlflowRoute({
  service: 'registry',
  name: 'ModelRegistryService.createModelVersion',
  method: 'POST',
  path: path('create'),
  role: 'scientist',
  message: z.object({
    name: z.string(),
    source: z.string().min(1),
    run_id: z.string().optional(),
    tags: repeated(keyValue),
    run_link: z.string().optional(),
    description: z.string().optional(),
    model_id: z.string().optional(),
  }),
  maxBodyBytes: maxTaggedBodyBytes,
});

export const updateModelVersion = defineMlflowRoute({
  service: 'registry',
  name: 'ModelRegistryService.updateModelVersion',
  method: 'PATCH',
  path: path('update'),
  role: 'scientist',
  message: numbered.extend({ description: z.string().default('') }),
});

export const transitionModelVersionStage = defineMlflowRoute({
  service: 'registry',
  name: 'ModelRegistryService.transitionModelVersionStage',
  method: 'POST',
  path: path('transition-stage'),
  role: 'scientist',
  message: numbered.extend({ stage: z.string(), archive_existing_versions: bool.default(false) }),
});

export const deleteModelVersion = defineMlflowRoute({
  service: 'registry',
  name: 'ModelRegistryService.deleteModelVersion',
  method: 'DELETE',
  path: path('delete'),
  role: 'scientist',
  message: numbered,
});

export const getModelVersion = defineMlflowRoute({
  service: 'registry',
  name: 'ModelRegistryService.getModelVersion',
  method: 'GET',
  path: path('get'),
  role: 'viewer',
  message: numbered,
});

export const searchModelVersions = defineMlflowRoute({
  service: 'registry',
  name: 'ModelRegistryService.searchModelVersions',
  method: 'GET',
  path: path('search'),
  role: 'viewer',
  message: z.object({
    filter: z.string().optional(),
    max_results: int64.default(10_000),
    order_by: repeated(z.string()),
    page_token: z.string().optional(),
  }),
});

export const getModelVersionDownloadUri = defineMlflowRoute({
  service: 'registry',
  name: 'ModelRegistryService.getModelVersionDownloadUri',
  method: 'GET',
  path: path('get-download-uri'),
  role: 'viewer',
  message: numbered,
});

export const setModelVersionTag = defineMlflowRoute({
  service: 'registry',
  name: 'ModelRegistryService.setModelVersionTag',
  method: 'POST',
  path: path('set-tag'),
  role: 'scientist',
  message: numbered.extend({ key: z.string(), value: z.string().default('') }),
});

export const deleteModelVersionTag = defineMlflowRoute({
  service: 'registry',
  name: 'ModelRegistryService.deleteModelVersionTag',
  method: 'DELETE',
  path: path('delete-tag'),
  role: 'scientist',
  message: numbered.extend({ key: z.string() }),
});

export const modelVersionRoutes = [
  createModelVersion,
  updateModelVersion,
  transitionModelVersionStage,
  deleteModelVersion,
  getModelVersion,
  searchModelVersions,
  getModelVersionDownloadUri,
  setModelVersionTag,
  deleteModelVersionTag,
];
