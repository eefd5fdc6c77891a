import * as z from 'zod';
import { defineMlflowRoute } from '#shared/mlflow/route.ts';
import { int64 } from '#shared/mlflow/wire.ts';
import { maxEventBodyBytes } from './artifact-proxy.ts';

/** A run, which old clients call run_uuid. */
const ofRun = z.object({ run_id: z.string().optional(), run_uuid: z.string().optional() });
/** How long an address works, in seconds; S3 makes none that works for more than seven days. */
const expiration = int64.pipe(
  z
    .number()
    .min(1, 'must be between 1 and 604800 seconds.')
    .max(604_800, 'must be between 1 and 604800 seconds.'),
);

export const listArtifacts = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.listArtifacts',
  method: 'GET',
  path: '/mlflow/artifacts/list',
  role: 'viewer',
  message: ofRun.extend({ path: z.string().optional() }),
});

export const createPresignedUploadUrl = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.createPresignedUploadUrl',
  method: 'POST',
  path: '/mlflow/artifacts/presigned-upload-url',
  role: 'scientist',
  message: z.object({
    run_id: z.string().optional(),
    model_id: z.string().optional(),
    path: z.string(),
    expiration: expiration.default(900),
  }),
});

export const createPresignedDownloadUrl = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.createPresignedDownloadUrl',
  method: 'POST',
  path: '/mlflow/artifacts/presigned-download-url',
  role: 'viewer',
  message: z.object({ run_id: z.string(), path: z.string(), expiration: expiration.default(900) }),
});

/** What MLflow's web page opens and downloads files of a run by. */
export const getArtifact = defineMlflowRoute({
  service: 'tracking',
  name: 'getArtifact',
  method: 'GET',
  path: '/get-artifact',
  versions: [],
  role: 'viewer',
  message: ofRun.extend({ path: z.string() }),
});

/** What MLflow's web page keeps a file with a run by. */
export const uploadRunArtifact = defineMlflowRoute({
  service: 'tracking',
  name: 'uploadArtifact',
  method: 'POST',
  path: '/mlflow/upload-artifact',
  role: 'scientist',
  message: ofRun.extend({ path: z.string() }),
  rawBody: true,
  maxBodyBytes: maxEventBodyBytes,
});

export const artifactRoutes = [
  listArtifacts,
  uploadRunArtifact,
  createPresignedUploadUrl,
  createPresignedDownloadUrl,
  getArtifact,
];
