import type { Clock } from '#shared/kernel/clock.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { ExperimentStore } from '../ports/experiment-store.ts';
import type { RunIndex } from '../ports/run-index.ts';
import type { RunStore } from '../ports/run-store.ts';

/** What the use cases of experiments and runs work with. */
export interface CoreDeps {
  readonly experiments: ExperimentStore;
  readonly runs: RunStore;
  readonly runIndex: RunIndex;
  readonly clock: Clock;
  /** Ids of events. */
  readonly ids: IdGenerator;
  readonly newRunId: () => string;
  readonly newExperimentId: () => string;
  /** From 0 up to 1: names that nobody chose, and how long a repeated write waits. */
  readonly random: () => number;
  readonly pause: (ms: number) => Promise<void>;
}
