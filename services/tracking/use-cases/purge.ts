import type { Caller } from '#shared/contracts/caller.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { assertMay } from '#shared/mlflow/access.ts';
import { defaultExperimentId } from '../domain/experiment.ts';
import { invalidParameterValue } from '../domain/limits.ts';
import type { TrackedRun } from '../domain/run.ts';
import type { Erasure, Erasures } from '../ports/erasure.ts';
import type { LoggedModelStore } from '../ports/logged-models.ts';
import type { SealedSources } from '../ports/sealed-sources.ts';
import { effectiveStage } from './change-run.ts';
import type { CoreDeps } from './deps.ts';
import { readExperiment } from './experiments.ts';
import { experimentChanged, runChanged } from './facts.ts';
import { experimentNotFound, runNotFound } from './heads.ts';

export type PurgeDeps = CoreDeps & {
  readonly erasures: Erasures;
  readonly sealed: SealedSources;
  readonly models: Pick<LoggedModelStore, 'ofExperiments'>;
};

/** Objects and items that one call removes; a call takes a few seconds. */
const maxRemovedPerCall = 5000;
/** An erasure that finds nothing costs a call of AWS too: it counts as much as so many removed things. */
const costOfLooking = 10;

/** What a call of a purge did. Not finished: the same call again goes on. */
export interface Purge {
  readonly finished: boolean;
  readonly removed: number;
}

/**
 * Removes a deleted run for good: its artifacts on this platform, its histories, and then itself. Throws RunNotFound, RoleMissing
 * (admin), NotDeleted, ArtifactsSealed.
 */
export async function purgeRun(deps: PurgeDeps, caller: Caller, runId: string): Promise<Purge> {
  const found = await deps.runs.readWithExperiment(runId);
  if (!found) throw runNotFound(runId);
  const { state, experiment } = found;
  assertMay(caller, 'admin', state.run.project, runNotFound(runId));
  if (effectiveStage(state.run, experiment) === 'active') throw notDeleted(`run ${runId}`);
  const budget = new Budget(maxRemovedPerCall);
  const finished = await removeRun(deps, caller, state.run, budget);
  return { finished, removed: budget.removed };
}

/**
 * Removes a deleted experiment for good with all its runs; its name is free then. Throws ExperimentNotFound, RoleMissing (admin),
 * NotDeleted, ArtifactsSealed, InvalidParameter.
 */
export async function purgeExperiment(deps: PurgeDeps, caller: Caller, experimentId: string): Promise<Purge> {
  const state = await readExperiment(deps, caller, experimentId, 'admin');
  const { experiment } = state;
  if (experiment.lifecycleStage === 'active') throw notDeleted(`experiment ${experimentId}`);
  if (experimentId === defaultExperimentId)
    throw invalidParameterValue('The default experiment always exists. Purge its runs instead.');
  const budget = new Budget(maxRemovedPerCall);
  const sources = [
    { experimentId, stage: 'active' },
    { experimentId, stage: 'deleted' },
  ] as const;
  for await (const run of deps.runIndex.newestFirst(sources)) {
    if (!(await removeRun(deps, caller, run, budget))) return { finished: false, removed: budget.removed };
  }
  for (const { modelId } of await deps.models.ofExperiments([experimentId]))
    await assertUnsealed(deps.sealed, `${experimentId}/models/${modelId}/artifacts`);
  const isEmpty = await eraseAll(deps.erasures.ofExperiment(experimentId), budget);
  if (!isEmpty) return { finished: false, removed: budget.removed };
  const purged = experimentChanged(deps, caller, experiment, { change: 'purged' });
  const isRemoved = await deps.experiments.remove(state, [purged]);
  if (!isRemoved) throw changedMeanwhile(`Experiment ${experimentId}`, experimentNotFound(experimentId));
  budget.take(1);
  return { finished: true, removed: budget.removed };
}

/** False where the budget ended before the run did. */
async function removeRun(deps: PurgeDeps, caller: Caller, run: TrackedRun, budget: Budget): Promise<boolean> {
  await assertUnsealed(deps.sealed, `${run.experimentId}/${run.runId}/artifacts`);
  if (!(await eraseAll(deps.erasures.ofRun(run), budget))) return false;
  const state = await deps.runs.read(run.runId);
  // The index may still have what a call before removed.
  if (!state) return true;
  const purged = runChanged(deps, caller, state.run, { change: 'purged' });
  const isRemoved = await deps.runs.remove(state, [purged]);
  if (!isRemoved) throw changedMeanwhile(`Run ${run.runId}`, runNotFound(run.runId));
  budget.take(1);
  return true;
}

/** A registered model version must not lose the artifacts that it was made from. */
async function assertUnsealed(sealed: SealedSources, root: string): Promise<void> {
  const [first] = await sealed.sourcesOf(root);
  if (!first) return;
  throw new AppError(
    'invalid_input',
    'ArtifactsSealed',
    `Version ${first.version} of the registered model ${first.model} was made from ${root}, which therefore stays. Keep the run or model, or restore it.`,
  );
}

/** Whether nothing was left before the budget ended. */
async function eraseAll(erasures: readonly Erasure[], budget: Budget): Promise<boolean> {
  for (const erasure of erasures) {
    for (let removed = Number.POSITIVE_INFINITY; removed > 0; ) {
      if (budget.left <= 0) return false;
      removed = await erasure.erase(budget.left);
      budget.take(removed);
      budget.look();
    }
  }
  return true;
}

class Budget {
  #left: number;
  #removed = 0;

  constructor(left: number) {
    this.#left = left;
  }

  get left(): number {
    return this.#left;
  }

  get removed(): number {
    return this.#removed;
  }

  take(count: number): void {
    this.#left -= count;
    this.#removed += count;
  }

  look(): void {
    this.#left -= costOfLooking;
  }
}

const notDeleted = (what: string): AppError =>
  invalidParameterValue(
    `Only what is deleted can be removed for good, and ${what} is active. Delete it first; until it is purged it can be restored.`,
  );

const changedMeanwhile = (what: string, cause: AppError): AppError =>
  new AppError(
    'conflict',
    'ChangedMeanwhile',
    `${what} was changed while it was purged. Try again.`,
    {},
    { cause },
  );
