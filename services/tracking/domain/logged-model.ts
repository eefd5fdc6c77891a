import { AppError } from '#shared/kernel/errors.ts';
import { assertKey, invalidParameterValue, storableParam } from './limits.ts';

export type LoggedModelStatus = 'UNSPECIFIED' | 'PENDING' | 'READY' | 'FAILED';

/** A model that was logged: its files lie below `artifactUri`. Versions of registered models point at it. */
export interface LoggedModel {
  /** `m-` and 32 hexadecimal digits. */
  readonly modelId: string;
  readonly experimentId: string;
  readonly project: string;
  readonly name: string;
  readonly modelType?: string | undefined;
  readonly sourceRunId?: string | undefined;
  readonly artifactUri: string;
  readonly status: LoggedModelStatus;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly lifecycleStage: 'active' | 'deleted';
  readonly tags: Readonly<Record<string, string>>;
  /** Written once. */
  readonly params: Readonly<Record<string, string>>;
  /** The latest of each key and dataset, latest first. */
  readonly metrics: readonly ModelMetric[];
}

/** A metric of a model, on a dataset or on none. */
export interface ModelMetric {
  readonly key: string;
  readonly value: number;
  readonly timestampMs: number;
  readonly step: number;
  /** The run that logged it. */
  readonly runId: string;
  readonly datasetName?: string | undefined;
  readonly datasetDigest?: string | undefined;
}

export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

const forbiddenInNames = ['/', ':', '.', '%', '"', "'"];

/** Throws InvalidParameter for what cannot name a logged model, in MLflow's words. */
export function assertModelName(name: string): void {
  if (name !== '' && !forbiddenInNames.some((sign) => name.includes(sign))) return;
  throw invalidParameterValue(
    `Invalid model name ('${name}') provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '"', "'")`,
  );
}

/** Where the files of a model of an experiment lie. */
export const modelArtifactUri = (experimentLocation: string, modelId: string): string =>
  `${experimentLocation.replace(/\/$/, '')}/models/${modelId}/artifacts`;

/** Adds params, each written once. Throws ParamChanged, InvalidParameter. */
export function withModelParams(model: LoggedModel, params: readonly KeyValue[]): LoggedModel {
  const all = new Map(Object.entries(model.params));
  for (const [index, param] of params.entries()) {
    const [key, value] = storableParam(param.key, param.value, `params[${index}].key`);
    const before = all.get(key);
    if (before !== undefined && before !== value) {
      throw new AppError(
        'invalid_input',
        'ParamChanged',
        `Changing param values is not allowed. Param with key='${key}' was already logged with value='${before}' for model ID='${model.modelId}'. Attempted logging new value '${value}'.`,
      );
    }
    all.set(key, value);
  }
  return all.size === Object.keys(model.params).length
    ? model
    : { ...model, params: Object.fromEntries(all) };
}

/** A tag may list all registrations of a model. */
const maxTagValueLength = 100_000;

/** Sets tags; of a key that comes twice, the last value counts. Throws InvalidParameter. */
export function withModelTags(model: LoggedModel, tags: readonly KeyValue[]): LoggedModel {
  for (const [index, { key, value }] of tags.entries()) {
    assertKey(key, `tags[${index}].key`, 'key');
    if (value.length > maxTagValueLength) {
      throw invalidParameterValue(
        `The value of tag '${key}' has ${value.length} characters; ${maxTagValueLength} are allowed.`,
      );
    }
  }
  return {
    ...model,
    tags: { ...model.tags, ...Object.fromEntries(tags.map(({ key, value }) => [key, value])) },
  };
}

/** Throws ModelTagNotFound. */
export function withoutModelTag(model: LoggedModel, key: string): LoggedModel {
  if (!Object.hasOwn(model.tags, key)) {
    throw new AppError(
      'not_found',
      'ModelTagNotFound',
      `No tag with key '${key}' found for model with ID '${model.modelId}'.`,
    );
  }
  return { ...model, tags: Object.fromEntries(Object.entries(model.tags).filter(([name]) => name !== key)) };
}

/** Takes metrics in: of each key and dataset stays the latest, by step, timestamp and value, as for runs. */
export function withModelMetrics(model: LoggedModel, points: readonly ModelMetric[]): LoggedModel {
  const latest = new Map(model.metrics.map((metric) => [metricId(metric), metric]));
  let isChanged = false;
  for (const point of points) {
    const before = latest.get(metricId(point));
    if (before && !isLater(point, before)) continue;
    latest.set(metricId(point), point);
    isChanged = true;
  }
  if (!isChanged) return model;
  return { ...model, metrics: [...latest.values()].sort(latestFirst) };
}

const metricId = ({ key, datasetName, datasetDigest }: ModelMetric): string =>
  JSON.stringify([key, datasetName ?? null, datasetDigest ?? null]);

/** NaN counts as 0, as it does for the metrics of runs. */
const rank = (value: number): number => (Number.isNaN(value) ? 0 : value);

const isLater = (a: ModelMetric, b: ModelMetric): boolean =>
  (a.step - b.step || a.timestampMs - b.timestampMs || rank(a.value) - rank(b.value)) > 0;

const latestFirst = (a: ModelMetric, b: ModelMetric): number =>
  b.timestampMs - a.timestampMs || b.step - a.step || (metricId(a) < metricId(b) ? -1 : 1);

/** Tag by which clients say which versions were made of a model: `[{"name": …, "version": …}]`. */
const registrationsTag = 'mlflow.modelVersions';

/** Versions of registered models that were made of this one; what the tag says otherwise is left out. */
export function registrationsOf({
  tags,
}: LoggedModel): { readonly name: string; readonly version: string }[] {
  try {
    const listed: unknown = JSON.parse(tags[registrationsTag] ?? '[]');
    if (!Array.isArray(listed)) return [];
    return listed.flatMap((each: { name?: unknown; version?: unknown } | null) =>
      typeof each?.name === 'string' && (typeof each.version === 'string' || typeof each.version === 'number')
        ? [{ name: each.name, version: String(each.version) }]
        : [],
    );
  } catch {
    return [];
  }
}
