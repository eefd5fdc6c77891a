/** Statuses of a run, as MLflow's messages name them. */
export const runStatuses = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** A run in one of these is over. */
export const isFinal = (status: RunStatus): status is 'FINISHED' | 'FAILED' | 'KILLED' =>
  status !== 'RUNNING' && status !== 'SCHEDULED';

export type LifecycleStage = 'active' | 'deleted';

/** One logged value. `timestamp` in milliseconds since the epoch; a value that is not a number is NaN, an infinite one the greatest double. */
export interface MetricPoint {
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
}

/** A logged value with the name of its metric. */
export interface LoggedMetric extends MetricPoint {
  readonly key: string;
}

export interface RunTag {
  readonly key: string;
  readonly value: string;
}

/** A dataset that a run used, by name and digest; `tags` say for what (`mlflow.data.context`). */
export interface RunDataset {
  readonly name: string;
  readonly digest: string;
  readonly tags: readonly RunTag[];
  /** How much its description adds to an answer. */
  readonly bytes: number;
}

/**
 * The latest value of a metric: value, timestamp, step. NaN is null here, because these are stored as JSON; a tuple, because
 * there are hundreds of thousands in a search.
 */
export type LatestMetric = readonly [value: number | null, timestamp: number, step: number];

/** A run as all of tracking sees it; times in milliseconds since the epoch. */
export interface TrackedRun {
  readonly runId: string;
  readonly experimentId: string;
  readonly project: string;
  readonly name: string;
  readonly userId: string;
  readonly status: RunStatus;
  readonly startTime: number;
  readonly endTime?: number;
  /** Of the run alone: where its experiment is deleted, it is deleted too. */
  readonly lifecycleStage: LifecycleStage;
  readonly artifactUri: string;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, LatestMetric>>;
  readonly datasets: readonly RunDataset[];
  /** Ids of logged models that the run read. */
  readonly modelInputs: readonly string[];
  /** Logged models that the run made. */
  readonly modelOutputs: readonly ModelOutput[];
}

export interface ModelOutput {
  readonly modelId: string;
  readonly step: number;
}

/** The tag that always says what the run's name says. */
export const runNameTag = 'mlflow.runName';

/** A member of a record by a name from outside, which may be that of a member of every object. */
export const ownValue = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

/** The record with further members; a later one of the same name wins. Keeps order, and is linear. */
export function extended<T>(
  record: Readonly<Record<string, T>>,
  entries: Iterable<readonly [string, T]>,
): Record<string, T> {
  const all = new Map(Object.entries(record));
  for (const [key, value] of entries) all.set(key, value);
  return Object.fromEntries(all);
}

/** The value of a latest metric as a number. */
export const numberOf = ([value]: LatestMetric): number => value ?? Number.NaN;
