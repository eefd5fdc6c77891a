import type { DomainEvent } from '#shared/contracts/event.ts';
import type { Experiment } from '../domain/experiment.ts';
import type { LoggedMetric, MetricPoint, TrackedRun } from '../domain/run.ts';

/** A run as it was read: a change of it replaces exactly this. */
export interface RunState {
  readonly run: TrackedRun;
  readonly revision: number;
  /** Points that are in no block yet. */
  readonly newestPoints: ReadonlyMap<string, readonly MetricPoint[]>;
  /** Blocks of points that were written since they were merged last, and those that ever were. */
  readonly looseBlocks: number;
  readonly blocks: number;
  /** Parts of the run in items of their own, where it is too big for one. */
  readonly parts: number;
}

/** A change of a run, with the points that are added to its histories: all of it or nothing is stored. */
export interface RunChange {
  readonly before: RunState;
  readonly run: TrackedRun;
  readonly points: readonly LoggedMetric[];
  readonly events: readonly DomainEvent[];
}

export interface RunStore {
  read(runId: string): Promise<RunState | undefined>;
  /** A run with its experiment, consistently: what a change needs to know. */
  readWithExperiment(
    runId: string,
  ): Promise<{ readonly state: RunState; readonly experiment: Experiment } | undefined>;
  /** Writes a new run; false where there is one of that id. */
  create(run: TrackedRun): Promise<boolean>;
  /** False where the run changed since it was read. */
  replace(change: RunChange): Promise<boolean>;
  /** Removes the run's items, but for its blocks of points. False where the run changed since it was read. */
  remove(before: RunState, events: readonly DomainEvent[]): Promise<boolean>;
  /** All points of a metric, in any order; what was logged repeatedly may be there repeatedly. Undefined where there is no such run. */
  history(
    runId: string,
    metricKey: string,
  ): Promise<{ readonly project: string; readonly points: readonly MetricPoint[] } | undefined>;
}
