import type { ApiClient } from './client.ts';
import { ask, encodedPath, type Listed, listed, queryOf } from './mlflow-call.ts';
import { type ArtifactFile, artifactOf } from './mlflow-entities.ts';
import { textIn } from './mlflow-fields.ts';

/** Where the bytes of a run's artifacts are. */
export const runArtifactAddress = 'GET /get-artifact';
/** Where the bytes below an `mlflow-artifacts:/` address are. */
export const proxiedArtifactAddress = 'GET /mlflow-artifacts/artifacts/{artifact_path+}';

/** Whose artifacts: a run's, or what lies below an address of the server's own store, such as a logged model's. */
export type ArtifactRoot = { readonly runId: string } | { readonly below: string };

export interface ArtifactName {
  readonly root: ArtifactRoot;
  /** From the root. */
  readonly path: string;
}

/** The root of artifacts at an address; undefined where they are not in the server's own store. */
export function rootAt(artifactUri: string): ArtifactRoot | undefined {
  const below = artifactUri.match(/^mlflow-artifacts:\/+(?<below>.+)$/)?.groups?.['below'];
  return below === undefined ? undefined : { below };
}

const joined = (below: string, path: string): string => (path ? `${below}/${path}` : below);

/** Files and folders directly in a folder of the artifacts. */
export async function listArtifacts(
  api: ApiClient,
  { root, path, pageToken }: ArtifactName & { pageToken?: string | undefined },
  signal: AbortSignal,
): Promise<Listed<ArtifactFile>> {
  if ('runId' in root) {
    const fields = { run_id: root.runId, path, page_token: pageToken };
    return listed(await ask(api, 'MlflowService.listArtifacts', fields, signal), 'files', artifactOf);
  }
  const fields = { path: joined(root.below, path) };
  const page = listed(
    await ask(api, 'MlflowArtifactsService.listArtifacts', fields, signal),
    'files',
    artifactOf,
  );
  // Here they are named from their folder.
  return { items: page.items.map((file) => ({ ...file, path: joined(path, file.path).replace(/^\//, '') })) };
}

/** The bytes of an artifact, as they come; undefined where there are too many for the API: artifactLink leads to those. */
export async function openArtifact(
  api: ApiClient,
  { root, path }: ArtifactName,
  signal: AbortSignal,
): Promise<Response | undefined> {
  const address =
    'runId' in root
      ? `/get-artifact?${queryOf({ run_uuid: root.runId, path })}`
      : `/ajax-api/2.0/mlflow-artifacts/artifacts/${encodedPath(joined(root.below, path))}`;
  const response = await api.send({ method: 'GET', address, signal, redirect: 'manual' });
  return response.type === 'opaqueredirect' ? undefined : response;
}

/** An address where an artifact of any size can be had without a token for some minutes. */
export async function artifactLink(
  api: ApiClient,
  { root, path }: ArtifactName,
  signal: AbortSignal,
): Promise<string> {
  if ('runId' in root) {
    const fields = { run_id: root.runId, path };
    const answer = await ask(api, 'MlflowService.createPresignedDownloadUrl', fields, signal);
    return textIn(answer, 'presigned_url');
  }
  const fields = { artifact_path: joined(root.below, path) };
  return textIn(await ask(api, 'MlflowArtifactsService.getPresignedDownloadUrl', fields, signal), 'url');
}
