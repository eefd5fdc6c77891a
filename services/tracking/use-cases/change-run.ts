import type { Caller } from '#shared/contracts/caller.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { assertMay } from '#shared/mlflow/access.ts';
import type { Experiment } from '../domain/experiment.ts';
import type { LifecycleStage, LoggedMetric, TrackedRun } from '../domain/run.ts';
import type { CoreDeps } from './deps.ts';
import { runDeleted, runNotFound } from './heads.ts';
import { repeating } from './repeating.ts';

/** What becomes of a run. The run itself, where nothing else is new, means that nothing is written. */
export interface Changed {
  readonly run: TrackedRun;
  readonly points?: readonly LoggedMetric[];
  readonly events?: readonly DomainEvent[];
}

/** As many writers at once as anybody had: each round one of them gets on, and the pauses spread the others. */
const patience = { attempts: 60, firstPauseMs: 5, longestPauseMs: 250 };

/**
 * Changes a run that the caller may write to: `change` says what becomes of it, and is asked again where somebody changed the run
 * meanwhile. Throws RunNotFound, RoleMissing, RunDeleted (unless `evenDeleted`), RunBusy, and what `change` throws.
 */
export async function changeRun(
  deps: Pick<CoreDeps, 'runs' | 'random' | 'pause'>,
  caller: Caller,
  runId: string,
  change: (run: TrackedRun, experiment: Experiment) => Changed,
  { evenDeleted = false }: { evenDeleted?: boolean } = {},
): Promise<TrackedRun> {
  const { runs } = deps;
  const busy = () =>
    new AppError(
      'throttled',
      'RunBusy',
      `Too many clients write to run ${runId} at the same time. Log more in one call, and try again.`,
      { retryAfterSeconds: 1 },
    );
  return repeating(deps, patience, busy, async () => {
    const found = await runs.readWithExperiment(runId);
    if (!found) throw runNotFound(runId);
    const { state: before, experiment } = found;
    assertMay(caller, 'scientist', before.run.project, runNotFound(runId));
    if (!evenDeleted && effectiveStage(before.run, experiment) === 'deleted') throw runDeleted(runId);
    const { run, points = [], events = [] } = change(before.run, experiment);
    if (run === before.run && points.length === 0 && events.length === 0) return run;
    return (await runs.replace({ before, run, points, events })) ? run : undefined;
  });
}

/** A run is deleted by itself or with its experiment. */
export const effectiveStage = (run: TrackedRun, experiment: Experiment): LifecycleStage =>
  experiment.lifecycleStage === 'deleted' ? 'deleted' : run.lifecycleStage;
