import type { Caller } from '#shared/contracts/caller.ts';
import type { Role } from '#shared/contracts/endpoint.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { assertMay } from '#shared/mlflow/access.ts';
import { owningProject, projectTag } from '#shared/mlflow/ownership.ts';
import { defaultArtifactLocation, defaultExperimentName, type Experiment } from '../domain/experiment.ts';
import { experimentIdOf } from '../domain/identifiers.ts';
import {
  assertArtifactLocation,
  assertExperimentId,
  assertExperimentName,
  assertExperimentTag,
  invalidParameterValue,
} from '../domain/limits.ts';
import { ownValue, type RunTag } from '../domain/run.ts';
import type { ExperimentState } from '../ports/experiment-store.ts';
import type { CoreDeps } from './deps.ts';
import { experimentChanged, toldTags } from './facts.ts';
import { experimentNotFound } from './heads.ts';

export interface NewExperiment {
  readonly name: string;
  /** Empty: on this platform. */
  readonly artifactLocation: string;
  readonly tags: readonly RunTag[];
}

/** Most bytes of an experiment's tags: with the rest they are one item (409,600 bytes). */
const maxTagsBytes = 300_000;
const maxAttempts = 20;

/**
 * Makes an experiment. One that is named as its project is that project's, where trainings are logged. Throws ExperimentExists,
 * InvalidParameter, RoleMissing, ProjectUnclear.
 */
export async function createExperiment(
  deps: CoreDeps,
  caller: Caller,
  { name, artifactLocation, tags }: NewExperiment,
): Promise<string> {
  assertExperimentName(name);
  if (artifactLocation !== '') assertArtifactLocation(artifactLocation);
  for (const { key, value } of tags) assertExperimentTag(key, value);
  const allTags = Object.fromEntries(tags.map(({ key, value }) => [key, value] as const));
  assertTagsSize(allTags);
  const project = owningProject(caller, name, ownValue(allTags, projectTag));
  if (name === defaultExperimentName && (await deps.experiments.readByName(name)))
    throw experimentExists(name);
  const now = deps.clock.now().getTime();
  const isOfProject = project === name;
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const experimentId = isOfProject && attempt === 1 ? experimentIdOf(project) : deps.newExperimentId();
    const experiment: Experiment = {
      experimentId,
      name,
      project,
      artifactLocation: artifactLocation || defaultArtifactLocation(experimentId),
      lifecycleStage: 'active',
      creationTime: now,
      lastUpdateTime: now,
      tags: allTags,
    };
    const created = experimentChanged(deps, caller, experiment, {
      change: 'created',
      ...(tags.length > 0 ? { setTags: toldTags(Object.entries(allTags)) } : {}),
    });
    const outcome = await deps.experiments.create(experiment, [created]);
    if (outcome === 'created') return experimentId;
    if (outcome === 'nameTaken' || (await deps.experiments.readByName(name))) throw experimentExists(name);
  }
  throw new Error(`No id was free for experiment ${name}.`);
}

/** Throws ExperimentNotFound, RoleMissing. */
export async function readExperiment(
  deps: Pick<CoreDeps, 'experiments'>,
  caller: Caller,
  experimentId: string,
  role: Role = 'viewer',
): Promise<ExperimentState> {
  assertExperimentId(experimentId);
  const state = await deps.experiments.read(experimentId);
  if (!state) throw experimentNotFound(experimentId);
  assertMay(caller, role, state.experiment.project, experimentNotFound(experimentId));
  return state;
}

/** Throws ExperimentNotFound. */
export async function readExperimentByName(
  deps: Pick<CoreDeps, 'experiments'>,
  caller: Caller,
  name: string,
): Promise<Experiment> {
  const notFound = new AppError(
    'not_found',
    'ExperimentNotFound',
    `Could not find experiment with name '${name}'`,
  );
  const state = await deps.experiments.readByName(name);
  if (!state) throw notFound;
  assertMay(caller, 'viewer', state.experiment.project, notFound);
  return state.experiment;
}

/** Throws InvalidParameter. */
export function assertTagsSize(tags: Readonly<Record<string, string>>): void {
  const bytes = Buffer.byteLength(JSON.stringify(tags));
  if (bytes <= maxTagsBytes) return;
  throw invalidParameterValue(
    `The tags of the experiment would have ${bytes} bytes; ${maxTagsBytes} are allowed. Shorten or delete some.`,
  );
}

export const experimentExists = (name: string): AppError =>
  new AppError('already_exists', 'ExperimentExists', `Experiment(name=${name}) already exists.`);
