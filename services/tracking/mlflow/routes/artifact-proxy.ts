import * as z from 'zod';
import { defineMlflowRoute } from '#shared/mlflow/route.ts';
import { int64, repeated } from '#shared/mlflow/wire.ts';

/** Whatever follows in the path: an artifact, or a directory of artifacts. */
const atPath = z.object({ artifact_path: z.string() });
/** Clients up to 3.17 send the whole path of the file on their disk as `path`, later ones its name. */
const uploadOf = atPath.extend({ path: z.string() });

/** More than Lambda takes: a file that is too big is refused with words of its own. */
export const maxEventBodyBytes = 6_000_000;

export const downloadArtifact = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowArtifactsService.downloadArtifact',
  method: 'GET',
  path: '/mlflow-artifacts/artifacts/{artifact_path+}',
  role: 'viewer',
  message: atPath,
});

export const uploadArtifact = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowArtifactsService.uploadArtifact',
  method: 'PUT',
  path: '/mlflow-artifacts/artifacts/{artifact_path+}',
  role: 'scientist',
  message: atPath,
  rawBody: true,
  maxBodyBytes: maxEventBodyBytes,
});

export const deleteArtifact = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowArtifactsService.deleteArtifact',
  method: 'DELETE',
  path: '/mlflow-artifacts/artifacts/{artifact_path+}',
  role: 'scientist',
  message: atPath,
});

export const listProxiedArtifacts = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowArtifactsService.listArtifacts',
  method: 'GET',
  path: '/mlflow-artifacts/artifacts',
  role: 'viewer',
  message: z.object({ path: z.string().default('') }),
});

export const createMultipartUpload = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowArtifactsService.createMultipartUpload',
  method: 'POST',
  path: '/mlflow-artifacts/mpu/create/{artifact_path+}',
  role: 'scientist',
  message: uploadOf.extend({ num_parts: int64.default(1) }),
});

export const completeMultipartUpload = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowArtifactsService.completeMultipartUpload',
  method: 'POST',
  path: '/mlflow-artifacts/mpu/complete/{artifact_path+}',
  role: 'scientist',
  message: uploadOf.extend({
    upload_id: z.string(),
    parts: repeated(z.object({ part_number: int64, etag: z.string() })),
  }),
  // Clients send the long address of each of up to 2000 parts back.
  maxBodyBytes: 5_500_000,
});

export const abortMultipartUpload = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowArtifactsService.abortMultipartUpload',
  method: 'POST',
  path: '/mlflow-artifacts/mpu/abort/{artifact_path+}',
  role: 'scientist',
  message: uploadOf.extend({ upload_id: z.string() }),
});

export const getPresignedDownloadUrl = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowArtifactsService.getPresignedDownloadUrl',
  method: 'GET',
  path: '/mlflow-artifacts/presigned/{artifact_path+}',
  role: 'viewer',
  message: atPath,
});

export const artifactProxyRoutes = [
  downloadArtifact,
  uploadArtifact,
  deleteArtifact,
  listProxiedArtifacts,
  createMultipartUpload,
  completeMultipartUpload,
  abortMultipartUpload,
  getPresignedDownloadUrl,
];
