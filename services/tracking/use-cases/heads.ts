import type { Caller } from '#shared/contracts/caller.ts';
import type { Role } from '#shared/contracts/endpoint.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { assertMay } from '#shared/mlflow/access.ts';
import type { ExperimentHead, Heads, RunHead } from '../ports/heads.ts';

export const experimentNotFound = (experimentId: string): AppError =>
  new AppError('not_found', 'ExperimentNotFound', `No Experiment with id=${experimentId} exists`);

export const runNotFound = (runId: string): AppError =>
  new AppError('not_found', 'RunNotFound', `Run with id=${runId} not found`);

export const experimentDeleted = (experimentId: string): AppError =>
  new AppError(
    'invalid_input',
    'ExperimentDeleted',
    `The experiment ${experimentId} must be in the 'active' state. Current state is deleted.`,
  );

export const runDeleted = (runId: string): AppError =>
  new AppError(
    'invalid_input',
    'RunDeleted',
    `The run ${runId} must be in the 'active' state. Current state is deleted.`,
  );

/** An experiment that the caller has the role for, active or deleted. Throws ExperimentNotFound, RoleMissing. */
export async function experimentFor(
  heads: Heads,
  caller: Caller,
  role: Role,
  experimentId: string,
): Promise<ExperimentHead> {
  const experiment = await heads.experiment(experimentId);
  if (!experiment) throw experimentNotFound(experimentId);
  assertMay(caller, role, experiment.project, experimentNotFound(experimentId));
  return experiment;
}

/** An experiment to write to. Throws ExperimentNotFound, RoleMissing, ExperimentDeleted. */
export async function activeExperimentFor(
  heads: Heads,
  caller: Caller,
  experimentId: string,
): Promise<ExperimentHead> {
  const experiment = await experimentFor(heads, caller, 'scientist', experimentId);
  if (experiment.lifecycleStage === 'active') return experiment;
  throw experimentDeleted(experimentId);
}

/** A run that the caller has the role for, active or deleted. Throws RunNotFound, RoleMissing. */
export async function runFor(heads: Heads, caller: Caller, role: Role, runId: string): Promise<RunHead> {
  const run = await heads.run(runId);
  if (!run) throw runNotFound(runId);
  assertMay(caller, role, run.project, runNotFound(runId));
  return run;
}

/** A run to write to. Throws RunNotFound, RoleMissing, RunDeleted. */
export async function activeRunFor(heads: Heads, caller: Caller, runId: string): Promise<RunHead> {
  const run = await runFor(heads, caller, 'scientist', runId);
  if (run.lifecycleStage === 'active') return run;
  throw runDeleted(runId);
}
