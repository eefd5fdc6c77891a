import type { Caller } from '#shared/contracts/caller.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { assertMay } from '#shared/mlflow/access.ts';
import { artifactUriOf, defaultExperimentId } from '../domain/experiment.ts';
import { assertExperimentId, storableTag } from '../domain/limits.ts';
import { type RunTag, runNameTag, type TrackedRun } from '../domain/run.ts';
import { generatedRunName } from '../domain/run-name.ts';
import type { CoreDeps } from './deps.ts';
import { experimentDeleted, experimentNotFound } from './heads.ts';

export interface NewRun {
  /** Empty: the default experiment. */
  readonly experimentId: string;
  readonly userId: string;
  readonly name: string;
  /** Milliseconds since the epoch; now where it is not said. */
  readonly startTime: number | undefined;
  readonly tags: readonly RunTag[];
}

/** Begins a run. Throws ExperimentNotFound, RoleMissing, ExperimentDeleted, InvalidParameter. */
export async function createRun(deps: CoreDeps, caller: Caller, wanted: NewRun): Promise<TrackedRun> {
  const experimentId = wanted.experimentId || defaultExperimentId;
  assertExperimentId(experimentId);
  const experiment = (await deps.experiments.read(experimentId))?.experiment;
  if (!experiment) throw experimentNotFound(experimentId);
  assertMay(caller, 'scientist', experiment.project, experimentNotFound(experimentId));
  if (experiment.lifecycleStage === 'deleted') throw experimentDeleted(experimentId);
  const tags = new Map(wanted.tags.map(({ key, value }) => storableTag(key, value)));
  const name = nameOf(wanted.name, tags.get(runNameTag) ?? '') || generatedRunName(deps.random);
  tags.set(runNameTag, name);
  const runId = deps.newRunId();
  const run: TrackedRun = {
    runId,
    experimentId,
    project: experiment.project,
    name,
    userId: wanted.userId,
    status: 'RUNNING',
    startTime: wanted.startTime ?? deps.clock.now().getTime(),
    lifecycleStage: 'active',
    artifactUri: artifactUriOf(experiment.artifactLocation, runId),
    params: {},
    tags: Object.fromEntries(tags),
    metrics: {},
    datasets: [],
    modelInputs: [],
    modelOutputs: [],
  };
  if (!(await deps.runs.create(run))) throw new Error(`The new run id ${runId} is taken.`);
  return run;
}

function nameOf(name: string, tag: string): string {
  if (name !== '' && tag !== '' && name !== tag) {
    throw new AppError(
      'invalid_input',
      'RunNameUnclear',
      `Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='${name}', mlflow.runName='${tag}').`,
    );
  }
  return name || tag;
}
