import type { ApiClient } from './client.ts';
import { ask, type Listed, listed } from './mlflow-call.ts';
import {
  type Experiment,
  experimentOf,
  loggedModelOf,
  type MetricPoint,
  metricOf,
  type RegisteredModel,
  type RegisteredVersion,
  type Run,
  registeredModelOf,
  registeredVersionOf,
  runOf,
} from './mlflow-entities.ts';
import { messageIn, messagesIn, textIn } from './mlflow-fields.ts';

/** As many points of a curve as a picture needs; servers give 2,500 at most. */
const pointsOfCurve = 1000;

export interface RunSearch {
  readonly experimentIds: readonly string[];
  readonly filter: string;
  readonly orderBy: readonly string[];
  readonly view?: 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL';
  readonly maxResults: number;
  readonly pageToken?: string | undefined;
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

export async function readLoggedModel(api: ApiClient, modelId: string, signal: AbortSignal) {
  const answer = await ask(api, 'MlflowService.getLoggedModel', { model_id: modelId }, signal);
  return loggedModelOf(messageIn(answer, 'model'));
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
