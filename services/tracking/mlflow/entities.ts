import type { Page } from '#shared/kernel/paging.ts';
import type { Experiment } from '../domain/experiment.ts';
import type { MetricPoint, TrackedRun } from '../domain/run.ts';
import { type Descriptions, runDatasetKey } from '../use-cases/describe-runs.ts';

/** Domain objects as MLflow's messages. As protocol buffers in JSON, empty lists are left out. */

const pairs = (record: Readonly<Record<string, string>>) =>
  Object.entries(record).map(([key, value]) => ({ key, value }));

const unlessEmpty = <Name extends string, Element>(name: Name, list: readonly Element[]) =>
  (list.length === 0 ? {} : { [name]: list }) as Partial<Record<Name, readonly Element[]>>;

export function experimentMessage(experiment: Experiment) {
  const { experimentId, name, artifactLocation, lifecycleStage, creationTime, lastUpdateTime, tags } =
    experiment;
  return {
    experiment_id: experimentId,
    name,
    artifact_location: artifactLocation,
    lifecycle_stage: lifecycleStage,
    last_update_time: lastUpdateTime,
    creation_time: creationTime,
    ...unlessEmpty('tags', pairs(tags)),
  };
}

export function runInfoMessage(run: TrackedRun) {
  return {
    run_id: run.runId,
    run_uuid: run.runId,
    run_name: run.name,
    experiment_id: run.experimentId,
    user_id: run.userId,
    status: run.status,
    start_time: run.startTime,
    ...(run.endTime === undefined ? {} : { end_time: run.endTime }),
    artifact_uri: run.artifactUri,
    lifecycle_stage: run.lifecycleStage,
  };
}

export function runDataMessage(run: TrackedRun) {
  const metrics = Object.entries(run.metrics).map(([key, [value, timestamp, step]]) => ({
    key,
    value: value ?? 'NaN',
    timestamp,
    step,
  }));
  return {
    ...unlessEmpty('metrics', metrics),
    ...unlessEmpty('params', pairs(run.params)),
    ...unlessEmpty('tags', pairs(run.tags)),
  };
}

export const pointMessage = (key: string, { value, timestamp, step }: MetricPoint) => ({
  key,
  value: Number.isNaN(value) ? 'NaN' : value,
  timestamp,
  step,
});

/** `descriptions` tell of the datasets that the run used: those of them that are missing have their names alone. */
export function runMessage(run: TrackedRun, descriptions: Descriptions) {
  const datasets = run.datasets.map(({ name, digest, tags }) => {
    const described = descriptions.get(runDatasetKey(run.experimentId, { name, digest }));
    const { sourceType = '', source = '', schema, profile } = described ?? {};
    return {
      ...unlessEmpty('tags', tags),
      dataset: {
        name,
        digest,
        source_type: sourceType,
        source,
        ...(schema === undefined ? {} : { schema }),
        ...(profile === undefined ? {} : { profile }),
      },
    };
  });
  return {
    info: runInfoMessage(run),
    data: runDataMessage(run),
    inputs: {
      ...unlessEmpty('dataset_inputs', datasets),
      ...unlessEmpty(
        'model_inputs',
        run.modelInputs.map((id) => ({ model_id: id })),
      ),
    },
    outputs: unlessEmpty(
      'model_outputs',
      run.modelOutputs.map(({ modelId, step }) => ({ model_id: modelId, step })),
    ),
  };
}

/** A page of a list as an answer. */
export const listMessage = <Item>(name: string, page: Page<Item>, message: (item: Item) => object) => ({
  ...unlessEmpty(name, page.items.map(message)),
  ...(page.nextPageToken === undefined ? {} : { next_page_token: page.nextPageToken }),
});
