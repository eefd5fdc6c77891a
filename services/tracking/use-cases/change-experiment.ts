import type { Caller } from '#shared/contracts/caller.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { projectTag } from '#shared/mlflow/ownership.ts';
import { defaultExperimentName, type Experiment } from '../domain/experiment.ts';
import { assertExperimentName, assertExperimentTag, invalidParameterValue } from '../domain/limits.ts';
import { ownValue, type RunTag } from '../domain/run.ts';
import type { CoreDeps } from './deps.ts';
import { assertTagsSize, experimentExists, readExperiment } from './experiments.ts';
import { experimentChanged, toldTags } from './facts.ts';
import { experimentDeleted, experimentNotFound } from './heads.ts';
import { repeating } from './repeating.ts';

const patience = { attempts: 20, firstPauseMs: 5, longestPauseMs: 320 };

/** Throws ExperimentNotFound, RoleMissing, ExperimentDeleted, ExperimentExists, InvalidParameter. */
export async function renameExperiment(
  deps: CoreDeps,
  caller: Caller,
  experimentId: string,
  name: string,
): Promise<void> {
  assertExperimentName(name);
  if (name === defaultExperimentName) {
    const taken = await deps.experiments.readByName(name);
    if (taken && taken.experiment.experimentId !== experimentId) throw experimentExists(name);
  }
  await changeExperiment(deps, caller, experimentId, (experiment) => {
    if (experiment.lifecycleStage !== 'active') {
      // MLflow says INVALID_STATE, with status 500, which its own clients repeat for minutes.
      throw new AppError('invalid_input', 'ExperimentDeleted', 'Cannot rename a non-active experiment.');
    }
    if (experiment.name === name) return undefined;
    const renamed = { ...experiment, name };
    const formerName = experiment.name;
    return [renamed, experimentChanged(deps, caller, renamed, { change: 'renamed', formerName })];
  });
}

/** Deletes an active experiment or restores a deleted one; its runs go and come with it. Throws ExperimentNotFound, RoleMissing. */
export async function moveExperiment(
  deps: CoreDeps,
  caller: Caller,
  experimentId: string,
  lifecycleStage: Experiment['lifecycleStage'],
): Promise<void> {
  const change = lifecycleStage === 'deleted' ? 'deleted' : 'restored';
  await changeExperiment(deps, caller, experimentId, (experiment) => {
    if (experiment.lifecycleStage === lifecycleStage) throw experimentNotFound(experimentId);
    return [{ ...experiment, lifecycleStage }, experimentChanged(deps, caller, experiment, { change })];
  });
}

/** Throws ExperimentNotFound, RoleMissing, ExperimentDeleted, InvalidParameter. */
export async function setExperimentTag(
  deps: CoreDeps,
  caller: Caller,
  experimentId: string,
  { key, value }: RunTag,
): Promise<void> {
  assertExperimentTag(key, value);
  if (key === projectTag) throw projectIsFixed();
  await changeExperiment(deps, caller, experimentId, (experiment) => {
    if (experiment.lifecycleStage !== 'active') throw experimentDeleted(experimentId);
    if (ownValue(experiment.tags, key) === value) return undefined;
    const tags = { ...experiment.tags, [key]: value };
    assertTagsSize(tags);
    const setTags = toldTags([[key, value]]);
    return [
      { ...experiment, tags },
      experimentChanged(deps, caller, experiment, { change: 'tagged', setTags }),
    ];
  });
}

/** Throws ExperimentNotFound, RoleMissing, ExperimentDeleted, TagNotFound. */
export async function deleteExperimentTag(
  deps: CoreDeps,
  caller: Caller,
  experimentId: string,
  key: string,
): Promise<void> {
  if (key === projectTag) throw projectIsFixed();
  await changeExperiment(deps, caller, experimentId, (experiment) => {
    if (experiment.lifecycleStage !== 'active') throw experimentDeleted(experimentId);
    if (ownValue(experiment.tags, key) === undefined) {
      const message = `No tag with name: ${key} in experiment with id ${experimentId}`;
      throw new AppError('not_found', 'TagNotFound', message);
    }
    const tags = Object.fromEntries(Object.entries(experiment.tags).filter(([name]) => name !== key));
    return [
      { ...experiment, tags },
      experimentChanged(deps, caller, experiment, { change: 'tagged', removedTags: [key] }),
    ];
  });
}

/** `change` says what becomes of the experiment, and is asked again where somebody changed it meanwhile; undefined: nothing. */
async function changeExperiment(
  deps: CoreDeps,
  caller: Caller,
  experimentId: string,
  change: (experiment: Experiment) => readonly [Experiment, DomainEvent] | undefined,
): Promise<void> {
  const busy = () =>
    new AppError(
      'throttled',
      'ExperimentBusy',
      `Too many clients change experiment ${experimentId} at the same time. Try again.`,
      { retryAfterSeconds: 1 },
    );
  await repeating(deps, patience, busy, async () => {
    const before = await readExperiment(deps, caller, experimentId, 'scientist');
    const changed = change(before.experiment);
    if (!changed) return before.experiment;
    const [experiment, event] = changed;
    // As for MLflow's server, tags are no update.
    const isTagged = experiment.tags !== before.experiment.tags;
    const lastUpdateTime = isTagged ? experiment.lastUpdateTime : deps.clock.now().getTime();
    const outcome = await deps.experiments.replace(before, { ...experiment, lastUpdateTime }, [event]);
    if (outcome === 'nameTaken') throw experimentExists(experiment.name);
    return outcome === 'replaced' ? experiment : undefined;
  });
}

const projectIsFixed = (): AppError =>
  invalidParameterValue(
    `The tag ${projectTag} is said when an experiment is created and cannot be changed later: who may see it depends on it.`,
  );
