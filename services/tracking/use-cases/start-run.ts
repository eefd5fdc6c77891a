import type * as z from 'zod';
import type { startRun as task } from '#services/tracking/contract.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { experimentIdOf, runIdOf } from '../domain/identifiers.ts';
import type { Run, TrackingStore } from '../ports/runs.ts';

export interface TrackingDeps {
  readonly store: TrackingStore;
  readonly clock: Clock;
}

/** DynamoDB's items end at 409,600 bytes; final metrics and tags must still fit in. */
const maxBytes = 300_000;

/** Begins the run of a training in the project's experiment; again, it answers the run that there is. Throws RunTooLarge. */
export async function startRun(
  { store, clock }: TrackingDeps,
  { project, trainingId, runName, params, tags }: z.output<typeof task.input>,
): Promise<{ experimentId: string; runId: string }> {
  const bytes = Buffer.byteLength(JSON.stringify({ params, tags }));
  if (bytes > maxBytes) {
    throw new AppError(
      'invalid_input',
      'RunTooLarge',
      `The params and tags of run '${runName}' have ${bytes} bytes, ${maxBytes} are allowed. Log big parts as artifacts.`,
    );
  }
  const run: Run = {
    runId: runIdOf(trainingId),
    experimentId: experimentIdOf(project),
    project,
    runName,
    status: 'RUNNING',
    startTime: clock.now().toISOString(),
    params,
    metrics: {},
    tags: { ...tags, 'mlflow.runName': runName },
  };
  await store.startRun(run);
  return { experimentId: run.experimentId, runId: run.runId };
}
