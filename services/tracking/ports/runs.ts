import type * as z from 'zod';
import type { run } from '#services/tracking/contract.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import type { Page } from '#shared/kernel/paging.ts';

export type Run = z.infer<typeof run>;

export interface TrackingStore {
  /** Writes the experiment if it is not there, and the run unless there is one of that id; answers whether it was written. */
  startRun(run: Run): Promise<boolean>;
  readRun(runId: string): Promise<Run | undefined>;
  /** Replaces a running run by its end. Throws RunChanged (conflict) when it is not running any more. */
  endRun(run: Run, events: readonly DomainEvent[]): Promise<void>;
  /** Runs of an experiment, the last started first. */
  listRuns(experimentId: string, pageToken: string | undefined): Promise<Page<Run>>;
}
