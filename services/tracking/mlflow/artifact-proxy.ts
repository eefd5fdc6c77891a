import { type BoundMlflowRoute, bindMlflow, RawAnswer } from '#shared/mlflow/handler.ts';
import { maxBinaryBodyBytes } from '#shared/mlflow/route.ts';
import { baseName } from '../domain/artifact-path.ts';
import { attachment } from '../domain/attachment.ts';
import { mediaTypeOf } from '../domain/media-type.ts';
import type { ArtifactEntry } from '../ports/artifacts.ts';
import type { ArtifactDeps } from '../use-cases/artifact-access.ts';
import {
  type FoundArtifact,
  listArtifacts,
  presignDownload,
  readArtifact,
} from '../use-cases/read-artifacts.ts';
import {
  abortUpload,
  completeUpload,
  deleteArtifacts,
  putArtifact,
  startUpload,
} from '../use-cases/write-artifacts.ts';
import * as routes from './routes/artifact-proxy.ts';

/** MLflow's artifact service: what clients do with addresses that begin with `mlflow-artifacts:`. */
export function artifactProxyRoutes(deps: ArtifactDeps): BoundMlflowRoute[] {
  return [
    bindMlflow(routes.downloadArtifact, async ({ message, caller }) =>
      fileAnswer(await readArtifact(deps, caller, message.artifact_path, maxBinaryBodyBytes)),
    ),
    bindMlflow(routes.uploadArtifact, async ({ message, caller, rawBody }) => {
      await putArtifact(deps, caller, message.artifact_path, rawBody, maxBinaryBodyBytes);
      return new RawAnswer(200, {});
    }),
    bindMlflow(routes.deleteArtifact, async ({ message, caller }) => {
      await deleteArtifacts(deps, caller, message.artifact_path);
      return {};
    }),
    bindMlflow(routes.listProxiedArtifacts, async ({ message, caller }) => ({
      files: (await listArtifacts(deps, caller, message.path)).map((entry) => fileInfo(entry, '')),
    })),
    bindMlflow(routes.createMultipartUpload, async ({ message, caller }) => {
      const file = { directory: message.artifact_path, localPath: message.path };
      const { uploadId, addresses } = await startUpload(deps, caller, file, message.num_parts);
      return {
        upload_id: uploadId,
        credentials: addresses.map((url, index) => ({ url, part_number: index + 1, headers: {} })),
      };
    }),
    bindMlflow(routes.completeMultipartUpload, async ({ message, caller }) => {
      const file = { directory: message.artifact_path, localPath: message.path };
      const parts = message.parts.map(({ part_number: partNumber, etag }) => ({ partNumber, etag }));
      await completeUpload(deps, caller, file, message.upload_id, parts);
      return {};
    }),
    bindMlflow(routes.abortMultipartUpload, async ({ message, caller }) => {
      const file = { directory: message.artifact_path, localPath: message.path };
      await abortUpload(deps, caller, file, message.upload_id);
      return {};
    }),
    bindMlflow(routes.getPresignedDownloadUrl, async ({ message, caller }) => {
      const { address, bytes } = await presignDownload(deps, caller, message.artifact_path);
      return { url: address, headers: {}, file_size: bytes };
    }),
  ];
}

/** The file, or where it is: always to be saved, so that no page among artifacts runs under this host's name. */
export function fileAnswer(found: FoundArtifact): RawAnswer {
  if ('address' in found) return new RawAnswer(307, { location: found.address });
  const headers = {
    'content-type': mediaTypeOf(found.path),
    'content-disposition': attachment(baseName(found.path)),
  };
  return new RawAnswer(200, headers, found.content);
}

/** An entry as MLflow names it; `directory` comes before the name where paths are relative to the run. */
export const fileInfo = ({ name, bytes }: ArtifactEntry, directory: string): object => ({
  path: directory === '' ? name : `${directory}/${name}`,
  is_dir: bytes === undefined,
  ...(bytes === undefined ? {} : { file_size: bytes }),
});
