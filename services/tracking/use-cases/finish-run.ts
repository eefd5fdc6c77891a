import type * as z from 'zod';
import { RunFinished } from '#events/tracking.ts';
import type { finishRun as task } from '#services/tracking/contract.ts';
import { causedBy, type EventMetadata } from '#shared/contracts/event.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { Run } from '../ports/runs.ts';
import { runNotFound } from './read-runs.ts';
import type { TrackingDeps } from './start-run.ts';

type FinishRunInput = z.output<typeof task.input>;

/**
 * Logs the final metrics, ends the run and publishes RunFinished. A run that ended with the same status stays as it is.
 * Throws RunNotFound, RunEnded.
 */
export async function finishRun(
  { store, clock }: TrackingDeps,
  input: FinishRunInput,
  cause: EventMetadata,
): Promise<{ runId: string }> {
  const { project, runId, status, metrics, tags } = input;
  const run = await store.readRun(runId);
  if (!run || run.project !== project) throw runNotFound(project, runId);
  if (run.status === status) return { runId };
  if (run.status !== 'RUNNING') {
    throw new AppError(
      'conflict',
      'RunEnded',
      `Run ${runId} ended with ${run.status} and cannot end with ${status} too.`,
    );
  }
  const now = clock.now();
  const ended: Run = {
    ...run,
    status,
    endTime: now.toISOString(),
    metrics: { ...run.metrics, ...metrics },
    tags: { ...run.tags, ...tags },
  };
  const metadata = causedBy(cause, {
    eventId: `${runId}-finished`,
    occurredAt: now,
    actor: { type: 'service', id: 'tracking' },
  });
  const { experimentId } = run;
  const event = RunFinished.create(metadata, {
    project,
    experimentId,
    runId,
    status,
    metrics: ended.metrics,
  });
  try {
    await store.endRun(ended, [event]);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'RunChanged')) throw error;
    // Somebody ended it since it was read: the same call finds out how.
    return finishRun({ store, clock }, input, cause);
  }
  return { runId };
}
