import type * as z from 'zod';
import { RunFinished } from '#events/tracking.ts';
import type { finishRun as task } from '#services/tracking/contract.ts';
import { causedBy, type EventMetadata } from '#shared/contracts/event.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { runNotFound } from './read-runs.ts';
import type { TrackingDeps } from './start-run.ts';

/**
 * Logs the final metrics, ends the run and publishes RunFinished. A run that ended with the same status stays as it is.
 * Throws RunNotFound, RunEnded.
 */
export async function finishRun(
  { store, clock }: TrackingDeps,
  { project, runId, status, metrics, tags }: z.output<typeof task.input>,
  cause: EventMetadata,
): Promise<{ runId: string }> {
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
  const ended = {
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
  await store.endRun(ended, [
    RunFinished.create(metadata, {
      project,
      experimentId: run.experimentId,
      runId,
      status,
      metrics: ended.metrics,
    }),
  ]);
  return { runId };
}
