import type { ApiClient } from './client.ts';
import {
  type ArtifactFile,
  artifactOf,
  type Experiment,
  experimentOf,
  type MetricPoint,
  metricOf,
  type RegisteredModel,
  type RegisteredVersion,
  type Run,
  registeredModelOf,
  registeredVersionOf,
  runOf,
} from './mlflow-entities.ts';
import { type Message, messageIn, messagesIn, textIn } from './mlflow-fields.ts';

/** Operations of MLflow's REST API that the page calls: method and path below `/ajax-api/2.0`. */
export const mlflowAddresses = {
  'MlflowService.searchExperiments': 'POST /mlflow/experiments/search',
  'MlflowService.getExperiment': 'GET /mlflow/experiments/get',
  'MlflowService.searchRuns': 'POST /mlflow/runs/search',
  'MlflowService.getRun': 'GET /mlflow/runs/get',
  'MlflowService.getMetricHistoryBulkInterval': 'GET /mlflow/metrics/get-history-bulk-interval',
  'MlflowService.listArtifacts': 'GET /mlflow/artifacts/list',
  'MlflowService.createPresignedDownloadUrl': 'POST /mlflow/artifacts/presigned-download-url',
  'ModelRegistryService.searchRegisteredModels': 'GET /mlflow/registered-models/search',
  'ModelRegistryService.getRegisteredModel': 'GET /mlflow/registered-models/get',
  'ModelRegistryService.searchModelVersions': 'GET /mlflow/model-versions/search',
} as const;
/** Where the bytes of artifacts are. */
export const artifactAddress = 'GET /get-artifact';
type MlflowOperation = keyof typeof mlflowAddresses;

/** As many points of a curve as a picture needs; servers give 2,500 at most. */
const pointsOfCurve = 1000;

export interface Listed<Item> {
  readonly items: readonly Item[];
  /** Absent on the last page. */
  readonly nextPageToken?: string;
}

export interface RunSearch {
  readonly experimentIds: readonly string[];
  readonly filter: string;
  readonly orderBy: readonly string[];
  readonly view?: 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL';
  readonly maxResults: number;
  readonly pageToken?: string | undefined;
}

type Fields = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** One operation: fields in the query string of a GET, lists repeated; else as a JSON body. Throws ApiFailure. */
async function ask(
  api: ApiClient,
  operation: MlflowOperation,
  fields: Fields,
  signal: AbortSignal,
): Promise<Message> {
  const [method, path] = mlflowAddresses[operation].split(' ') as [string, string];
  const address = `/ajax-api/2.0${path}`;
  const response =
    method === 'GET'
      ? await api.send({ method, address: `${address}?${queryOf(fields)}`, signal })
      : await api.send({ method, address, body: fields, signal });
  return response.json();
}

function queryOf(fields: Fields): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === '') continue;
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
  }
  return query;
}

function listed<Item>(message: Message, field: string, itemOf: (one: Message) => Item): Listed<Item> {
  const nextPageToken = textIn(message, 'next_page_token');
  const items = messagesIn(message, field).map(itemOf);
  return nextPageToken ? { items, nextPageToken } : { items };
}

/** Experiments that the caller may see, the newest first. `part`: what their names hold, in any case. */
export async function searchExperiments(
  api: ApiClient,
  { part, pageToken }: { part: string; pageToken?: string | undefined },
  signal: AbortSignal,
): Promise<Listed<Experiment>> {
  const fields = { filter: partFilter(part), max_results: 100, page_token: pageToken };
  const answer = await ask(api, 'MlflowService.searchExperiments', fields, signal);
  return listed(answer, 'experiments', experimentOf);
}

/** A text as MLflow's filters have it: there is no way to write a quote inside of the same quotes. */
export const quoted = (text: string): string => (text.includes("'") ? `"${text}"` : `'${text}'`);

/** `_` stands for any letter, so also for a quote. */
const partFilter = (part: string): string => (part ? `name ILIKE '%${part.replaceAll("'", '_')}%'` : '');

export async function readExperiment(api: ApiClient, experimentId: string, signal: AbortSignal) {
  const answer = await ask(api, 'MlflowService.getExperiment', { experiment_id: experimentId }, signal);
  return experimentOf(messageIn(answer, 'experiment'));
}

export async function searchRuns(
  api: ApiClient,
  { experimentIds, filter, orderBy, view, maxResults, pageToken }: RunSearch,
  signal: AbortSignal,
): Promise<Listed<Run>> {
  const fields = {
    experiment_ids: experimentIds,
    filter,
    order_by: orderBy,
    run_view_type: view ?? 'ACTIVE_ONLY',
    max_results: maxResults,
    page_token: pageToken,
  };
  return listed(await ask(api, 'MlflowService.searchRuns', fields, signal), 'runs', runOf);
}

export async function readRun(api: ApiClient, runId: string, signal: AbortSignal): Promise<Run> {
  const answer = await ask(api, 'MlflowService.getRun', { run_id: runId }, signal);
  return runOf(messageIn(answer, 'run'));
}

/** Points of one metric in each run, by run id, in the order of their steps; evenly thinned where there are many. */
export async function readCurves(
  api: ApiClient,
  { runIds, metric }: { runIds: readonly string[]; metric: string },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly MetricPoint[]>> {
  const fields = { run_ids: runIds, metric_key: metric, max_results: pointsOfCurve };
  const answer = await ask(api, 'MlflowService.getMetricHistoryBulkInterval', fields, signal);
  const curves = new Map<string, MetricPoint[]>(runIds.map((runId) => [runId, []]));
  for (const message of messagesIn(answer, 'metrics')) {
    curves.get(textIn(message, 'run_id'))?.push(metricOf(message));
  }
  for (const curve of curves.values()) {
    curve.sort((one, other) => one.step - other.step || one.timestampMs - other.timestampMs);
  }
  return curves;
}

/** Files and folders directly in a folder of the run's artifacts. */
export async function listArtifacts(
  api: ApiClient,
  { runId, path, pageToken }: { runId: string; path: string; pageToken?: string | undefined },
  signal: AbortSignal,
): Promise<Listed<ArtifactFile>> {
  const fields = { run_id: runId, path, page_token: pageToken };
  return listed(await ask(api, 'MlflowService.listArtifacts', fields, signal), 'files', artifactOf);
}

export interface ArtifactName {
  readonly runId: string;
  /** From the root of the run's artifacts. */
  readonly path: string;
}

/** The bytes of an artifact, as they come; undefined where there are too many for the API: artifactLink leads to those. */
export async function openArtifact(
  api: ApiClient,
  { runId, path }: ArtifactName,
  signal: AbortSignal,
): Promise<Response | undefined> {
  const [method, root] = artifactAddress.split(' ') as [string, string];
  const address = `${root}?${queryOf({ run_uuid: runId, path })}`;
  const response = await api.send({ method, address, signal, redirect: 'manual' });
  return response.type === 'opaqueredirect' ? undefined : response;
}

/** An address where an artifact of any size can be had without a token for some minutes. */
export async function artifactLink(api: ApiClient, { runId, path }: ArtifactName, signal: AbortSignal) {
  const fields = { run_id: runId, path };
  return textIn(await ask(api, 'MlflowService.createPresignedDownloadUrl', fields, signal), 'presigned_url');
}

/** Registered models that the caller may see, by name. */
export async function searchModels(
  api: ApiClient,
  { part, pageToken }: { part: string; pageToken?: string | undefined },
  signal: AbortSignal,
): Promise<Listed<RegisteredModel>> {
  const fields = { filter: partFilter(part), max_results: 100, page_token: pageToken };
  const answer = await ask(api, 'ModelRegistryService.searchRegisteredModels', fields, signal);
  return listed(answer, 'registered_models', registeredModelOf);
}

export async function readModel(api: ApiClient, name: string, signal: AbortSignal): Promise<RegisteredModel> {
  const answer = await ask(api, 'ModelRegistryService.getRegisteredModel', { name }, signal);
  return registeredModelOf(messageIn(answer, 'registered_model'));
}

/** Versions by a filter of MLflow's, the newest first. */
export async function searchVersions(
  api: ApiClient,
  { filter, pageToken }: { filter: string; pageToken?: string | undefined },
  signal: AbortSignal,
): Promise<Listed<RegisteredVersion>> {
  const fields = {
    filter,
    max_results: 200,
    order_by: ['version_number DESC'],
    page_token: pageToken,
  };
  const answer = await ask(api, 'ModelRegistryService.searchModelVersions', fields, signal);
  return listed(answer, 'model_versions', registeredVersionOf);
}
