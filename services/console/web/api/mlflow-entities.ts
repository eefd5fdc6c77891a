import { doubleIn, type Message, messageIn, messagesIn, pairsIn, textIn, wholeIn } from './mlflow-fields.ts';

/** What MLflow's API speaks of, in our spelling. Times are milliseconds since 1970. */
export interface Experiment {
  readonly experimentId: string;
  readonly name: string;
  readonly lifecycleStage: string;
  readonly createdMs: number | undefined;
  readonly updatedMs: number | undefined;
  readonly tags: ReadonlyMap<string, string>;
}

export interface MetricPoint {
  readonly key: string;
  readonly value: number;
  readonly timestampMs: number;
  readonly step: number;
}

export interface DatasetInput {
  readonly name: string;
  readonly digest: string;
  readonly sourceType: string;
  readonly source: string;
  readonly profile: string;
  /** What it was used for: `training`, `validation` …; empty where nobody said. */
  readonly context: string;
}

export type RunStatus = 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED';

export interface Run {
  readonly runId: string;
  readonly runName: string;
  readonly experimentId: string;
  readonly userId: string;
  readonly status: RunStatus;
  readonly startMs: number | undefined;
  readonly endMs: number | undefined;
  readonly artifactUri: string;
  readonly lifecycleStage: string;
  /** The newest point of each metric. */
  readonly metrics: ReadonlyMap<string, MetricPoint>;
  readonly params: ReadonlyMap<string, string>;
  readonly tags: ReadonlyMap<string, string>;
  readonly datasets: readonly DatasetInput[];
  /** Ids of the models that it logged, with clients of MLflow 3. */
  readonly modelIds: readonly string[];
}

/** A model as a client of MLflow 3 logs it: beside its run, with artifacts of its own. */
export interface LoggedModel {
  readonly modelId: string;
  readonly name: string;
  readonly type: string;
  /** `READY`, `PENDING` or `UPLOAD_FAILED`. */
  readonly status: string;
  readonly createdMs: number | undefined;
  readonly artifactUri: string;
}

export interface ArtifactFile {
  /** From the root of the artifacts. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly bytes: number | undefined;
}

export interface RegisteredModel {
  readonly name: string;
  readonly description: string;
  readonly createdMs: number | undefined;
  readonly updatedMs: number | undefined;
  readonly tags: ReadonlyMap<string, string>;
  /** Version by alias. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly latestVersions: readonly RegisteredVersion[];
}

export interface RegisteredVersion {
  readonly model: string;
  readonly version: string;
  readonly createdMs: number | undefined;
  readonly stage: string;
  readonly status: string;
  readonly statusMessage: string;
  readonly description: string;
  readonly source: string;
  readonly runId: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly aliases: readonly string[];
}

export const experimentOf = (message: Message): Experiment => ({
  experimentId: textIn(message, 'experiment_id'),
  name: textIn(message, 'name'),
  lifecycleStage: textIn(message, 'lifecycle_stage'),
  createdMs: wholeIn(message, 'creation_time'),
  updatedMs: wholeIn(message, 'last_update_time'),
  tags: pairsIn(message, 'tags'),
});

export const metricOf = (message: Message): MetricPoint => ({
  key: textIn(message, 'key'),
  value: doubleIn(message, 'value'),
  timestampMs: wholeIn(message, 'timestamp') ?? 0,
  step: wholeIn(message, 'step') ?? 0,
});

export function runOf(message: Message): Run {
  const info = messageIn(message, 'info');
  const data = messageIn(message, 'data');
  return {
    runId: textIn(info, 'run_id'),
    runName: textIn(info, 'run_name'),
    experimentId: textIn(info, 'experiment_id'),
    userId: textIn(info, 'user_id'),
    status: textIn(info, 'status') as RunStatus,
    startMs: wholeIn(info, 'start_time'),
    // A run that goes on has 0 on some servers.
    endMs: wholeIn(info, 'end_time') || undefined,
    artifactUri: textIn(info, 'artifact_uri'),
    lifecycleStage: textIn(info, 'lifecycle_stage'),
    metrics: new Map(messagesIn(data, 'metrics').map((metric) => [textIn(metric, 'key'), metricOf(metric)])),
    params: pairsIn(data, 'params'),
    tags: pairsIn(data, 'tags'),
    datasets: messagesIn(messageIn(message, 'inputs'), 'dataset_inputs').map(datasetInputOf),
    modelIds: messagesIn(messageIn(message, 'outputs'), 'model_outputs').map((model) =>
      textIn(model, 'model_id'),
    ),
  };
}

function datasetInputOf(message: Message): DatasetInput {
  const dataset = messageIn(message, 'dataset');
  return {
    name: textIn(dataset, 'name'),
    digest: textIn(dataset, 'digest'),
    sourceType: textIn(dataset, 'source_type'),
    source: textIn(dataset, 'source'),
    profile: textIn(dataset, 'profile'),
    context: pairsIn(message, 'tags').get('mlflow.data.context') ?? '',
  };
}

export function loggedModelOf(message: Message): LoggedModel {
  const info = messageIn(message, 'info');
  return {
    modelId: textIn(info, 'model_id'),
    name: textIn(info, 'name'),
    type: textIn(info, 'model_type'),
    status: textIn(info, 'status').replace('LOGGED_MODEL_', ''),
    createdMs: wholeIn(info, 'creation_timestamp_ms'),
    artifactUri: textIn(info, 'artifact_uri'),
  };
}

export const artifactOf = (message: Message): ArtifactFile => ({
  path: textIn(message, 'path'),
  isFolder: message['is_dir'] === true,
  bytes: wholeIn(message, 'file_size'),
});

export const registeredModelOf = (message: Message): RegisteredModel => ({
  name: textIn(message, 'name'),
  description: textIn(message, 'description'),
  createdMs: wholeIn(message, 'creation_timestamp'),
  updatedMs: wholeIn(message, 'last_updated_timestamp'),
  tags: pairsIn(message, 'tags'),
  aliases: new Map(
    messagesIn(message, 'aliases').map((alias) => [textIn(alias, 'alias'), textIn(alias, 'version')]),
  ),
  latestVersions: messagesIn(message, 'latest_versions').map(registeredVersionOf),
});

export const registeredVersionOf = (message: Message): RegisteredVersion => ({
  model: textIn(message, 'name'),
  version: textIn(message, 'version'),
  createdMs: wholeIn(message, 'creation_timestamp'),
  stage: textIn(message, 'current_stage'),
  status: textIn(message, 'status'),
  statusMessage: textIn(message, 'status_message'),
  description: textIn(message, 'description'),
  source: textIn(message, 'source'),
  runId: textIn(message, 'run_id'),
  tags: pairsIn(message, 'tags'),
  aliases: Array.isArray(message['aliases']) ? message['aliases'].map(String) : [],
});
