import type { ApiClient } from './client.ts';
import { type Message, messagesIn, textIn } from './mlflow-fields.ts';

/** Operations of MLflow's REST API that the page calls: method and path below `/ajax-api/2.0`. */
export const mlflowAddresses = {
  'MlflowService.searchExperiments': 'POST /mlflow/experiments/search',
  'MlflowService.getExperiment': 'GET /mlflow/experiments/get',
  'MlflowService.searchRuns': 'POST /mlflow/runs/search',
  'MlflowService.getRun': 'GET /mlflow/runs/get',
  'MlflowService.getMetricHistoryBulkInterval': 'GET /mlflow/metrics/get-history-bulk-interval',
  'MlflowService.getLoggedModel': 'GET /mlflow/logged-models/{model_id}',
  'MlflowService.listArtifacts': 'GET /mlflow/artifacts/list',
  'MlflowService.createPresignedDownloadUrl': 'POST /mlflow/artifacts/presigned-download-url',
  'MlflowArtifactsService.listArtifacts': 'GET /mlflow-artifacts/artifacts',
  'MlflowArtifactsService.getPresignedDownloadUrl': 'GET /mlflow-artifacts/presigned/{artifact_path+}',
  'ModelRegistryService.searchRegisteredModels': 'GET /mlflow/registered-models/search',
  'ModelRegistryService.getRegisteredModel': 'GET /mlflow/registered-models/get',
  'ModelRegistryService.searchModelVersions': 'GET /mlflow/model-versions/search',
} as const;
export type MlflowOperation = keyof typeof mlflowAddresses;

export interface Listed<Item> {
  readonly items: readonly Item[];
  /** Absent on the last page. */
  readonly nextPageToken?: string;
}

type Fields = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** One operation: fields in the query string of a GET, lists repeated; else as a JSON body. Throws ApiFailure. */
export async function ask(
  api: ApiClient,
  operation: MlflowOperation,
  fields: Fields,
  signal: AbortSignal,
): Promise<Message> {
  const [method, path] = mlflowAddresses[operation].split(' ') as [string, string];
  const address = `/ajax-api/2.0${filled(path, fields)}`;
  const response =
    method === 'GET'
      ? await api.send({ method, address: `${address}?${queryOf(withoutParts(path, fields))}`, signal })
      : await api.send({ method, address, body: fields, signal });
  return response.json();
}

export function queryOf(fields: Fields): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === '') continue;
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
  }
  return query;
}

/** Fields that are parts of the path: `{model_id}`, and `{artifact_path+}` with slashes. */
const part = /\{(\w+)(\+?)\}/g;

function filled(path: string, fields: Fields): string {
  return path.replaceAll(part, (_all, name: string, rest: string) =>
    rest ? encodedPath(String(fields[name])) : encodeURIComponent(String(fields[name])),
  );
}

export const encodedPath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

function withoutParts(path: string, fields: Fields): Fields {
  const parts = new Set([...path.matchAll(part)].map(([, name]) => name));
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !parts.has(name)));
}

/** One page of a list. */
export function listed<Item>(message: Message, field: string, itemOf: (one: Message) => Item): Listed<Item> {
  const nextPageToken = textIn(message, 'next_page_token');
  const items = messagesIn(message, field).map(itemOf);
  return nextPageToken ? { items, nextPageToken } : { items };
}
