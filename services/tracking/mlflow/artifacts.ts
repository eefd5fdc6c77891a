import type { Caller } from '#shared/contracts/caller.ts';
import type { Role } from '#shared/contracts/endpoint.ts';
import { missingParameter } from '#shared/mlflow/errors.ts';
import { type BoundMlflowRoute, bindMlflow } from '#shared/mlflow/handler.ts';
import { maxBinaryBodyBytes } from '#shared/mlflow/route.ts';
import { safeDirectory } from '../domain/artifact-path.ts';
import type { ArtifactDeps } from '../use-cases/artifact-access.ts';
import { runFor } from '../use-cases/heads.ts';
import { listArtifacts, pathBelow, presignDownload, readArtifact } from '../use-cases/read-artifacts.ts';
import { presignUpload, putArtifact } from '../use-cases/write-artifacts.ts';
import { fileAnswer, fileInfo } from './artifact-proxy.ts';
import * as routes from './routes/artifacts.ts';

/** Artifacts by the run that they belong to: for MLflow's web page, clients in other languages, and plugins. */
export function artifactRoutes(deps: ArtifactDeps): BoundMlflowRoute[] {
  return [
    bindMlflow(routes.listArtifacts, async ({ message, caller }) => {
      const { artifactUri } = await runOf(deps, caller, 'viewer', message.run_id ?? message.run_uuid);
      const entries = await listArtifacts(deps, caller, pathBelow(artifactUri, message.path));
      const directory = safeDirectory(message.path);
      return { root_uri: artifactUri, files: entries.map((entry) => fileInfo(entry, directory)) };
    }),
    bindMlflow(routes.uploadRunArtifact, async ({ message, caller, rawBody }) => {
      const { artifactUri } = await runOf(deps, caller, 'scientist', message.run_id ?? message.run_uuid);
      const path = pathBelow(artifactUri, message.path);
      await putArtifact(deps, caller, path, rawBody, maxBinaryBodyBytes);
      return {};
    }),
    bindMlflow(routes.createPresignedUploadUrl, async ({ message, caller }) => {
      const { artifactUri } = await runOf(deps, caller, 'scientist', message.run_id);
      const path = pathBelow(artifactUri, message.path);
      const presigned_url = await presignUpload(deps, caller, path, message.expiration);
      return { presigned_url, headers: {} };
    }),
    bindMlflow(routes.createPresignedDownloadUrl, async ({ message, caller }) => {
      const { artifactUri } = await runOf(deps, caller, 'viewer', message.run_id);
      const path = pathBelow(artifactUri, message.path);
      const { address, bytes } = await presignDownload(deps, caller, path, message.expiration);
      return { presigned_url: address, headers: {}, file_size: bytes };
    }),
    bindMlflow(routes.getArtifact, async ({ message, caller }) => {
      const { artifactUri } = await runOf(deps, caller, 'viewer', message.run_id ?? message.run_uuid);
      const path = pathBelow(artifactUri, message.path);
      return fileAnswer(await readArtifact(deps, caller, path, maxBinaryBodyBytes));
    }),
  ];
}

function runOf({ heads }: ArtifactDeps, caller: Caller, role: Role, runId: string | undefined) {
  if (!runId) throw missingParameter('run_id');
  return runFor(heads, caller, role, runId);
}
