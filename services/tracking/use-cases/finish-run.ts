import type * as z from 'zod';
import type { finishRun as task } from '#services/tracking/contract.ts';
import { causedBy, type EventMetadata } from '#shared/contracts/event.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { withTags } from '../domain/batch.ts';
import { storableValue, withPoints } from '../domain/metrics.ts';
import { isFinal, type TrackedRun } from '../domain/run.ts';
import type { CoreDeps } from './deps.ts';
import { runFinished } from './facts.ts';
import { projectRunNotFound } from './read-runs.ts';

type FinishRunInput = z.output<typeof task.input>;

/**
 * Logs the final metrics, ends the run and publishes RunFinished. A run that ended with the same status stays as it is.
 * Throws RunNotFound, RunEnded.
 */
export async function finishRun(
  deps: CoreDeps,
  input: FinishRunInput,
  cause: EventMetadata,
): Promise<{ runId: string }> {
  const { project, runId, status, tags } = input;
  const before = await deps.runs.read(runId);
  if (!before || before.run.project !== project) throw projectRunNotFound(project, runId);
  if (before.run.status === status) return { runId };
  if (isFinal(before.run.status)) {
    throw new AppError(
      'conflict',
      'RunEnded',
      `Run ${runId} ended with ${before.run.status} and cannot end with ${status} too.`,
    );
  }
  const now = deps.clock.now();
  const endTime = now.getTime();
  const points = Object.entries(input.metrics).map(([key, value]) => ({
    key,
    value: storableValue(value),
    timestamp: endTime,
    step: 0,
  }));
  const tagged = withTags(
    before.run,
    Object.entries(tags).map(([key, value]) => ({ key, value })),
  );
  const run: TrackedRun = { ...tagged, status, endTime, metrics: withPoints(tagged.metrics, points) };
  const metadata = () =>
    causedBy(cause, {
      eventId: `${runId}-finished`,
      occurredAt: now,
      actor: { type: 'service', id: 'tracking' },
    });
  const event = runFinished(metadata, before.run, run);
  const isReplaced = await deps.runs.replace({ before, run, points, events: event ? [event] : [] });
  // Where somebody changed or ended it since it was read, the same call finds out how.
  return isReplaced ? { runId } : finishRun(deps, input, cause);
}
