import type { LifecycleStage, TrackedRun } from '../domain/run.ts';

/** Runs of one experiment in one stage of their own. */
export interface RunSource {
  readonly experimentId: string;
  readonly stage: LifecycleStage;
}

/** Runs by experiment. What was written a moment ago may be missing: the index follows the table. */
export interface RunIndex {
  /** Shows all runs of the sources to `visit`, in no order, as they are read: there may be more than memory holds. */
  each(sources: readonly RunSource[], visit: (run: TrackedRun) => void): Promise<void>;
  /** Runs of the sources, the last started first, of those at the same time the first by id; read as they are asked for. */
  newestFirst(
    sources: readonly RunSource[],
    options?: {
      readonly after?: RunPosition | undefined;
      /** How many will be asked for; unknown where a filter decides. */
      readonly count?: number | undefined;
    },
  ): AsyncGenerator<TrackedRun, void>;
}

/** A place in the order of `newestFirst`. */
export type RunPosition = Pick<TrackedRun, 'runId' | 'startTime'>;
