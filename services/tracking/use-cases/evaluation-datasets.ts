import { type Caller, hasRole } from '#shared/contracts/caller.ts';
import type { Role } from '#shared/contracts/endpoint.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { assertMay } from '#shared/mlflow/access.ts';
import { owningProject, projectTag } from '#shared/mlflow/ownership.ts';
import { datasetDigest, type EvaluationDataset, userOf } from '../domain/evaluation-dataset.ts';
import { invalidParameterValue } from '../domain/limits.ts';
import type { DatasetState, EvaluationDatasetStore } from '../ports/evaluation-datasets.ts';
import type { Heads } from '../ports/heads.ts';
import { experimentFor } from './heads.ts';
import { type RetryDeps, repeating } from './repeating.ts';

export interface EvaluationDatasetDeps extends RetryDeps {
  readonly evaluationDatasets: EvaluationDatasetStore;
  readonly heads: Heads;
  readonly clock: Clock;
  /** 32 hexadecimal digits. */
  readonly newId: () => string;
}

export interface NewEvaluationDataset {
  readonly name: string;
  readonly experimentIds: readonly string[];
  readonly tags: Readonly<Record<string, unknown>>;
}

const maxNameLength = 255;

export const datasetNotFound = (datasetId: string): AppError =>
  new AppError('not_found', 'DatasetNotFound', `Evaluation dataset with id '${datasetId}' not found`);

/** Whether a caller has a role in all projects of a dataset. */
export const mayUse = (caller: Caller, role: Role, { projects }: EvaluationDataset): boolean =>
  projects.every((project) => hasRole(caller, role, project));

/** Throws ExperimentNotFound, RoleMissing, ProjectUnclear, InvalidParameter. */
export async function createEvaluationDataset(
  deps: EvaluationDatasetDeps,
  caller: Caller,
  { name, experimentIds, tags }: NewEvaluationDataset,
): Promise<EvaluationDataset> {
  if (name.length > maxNameLength) {
    throw invalidParameterValue(
      `The dataset's name has ${name.length} characters; ${maxNameLength} are allowed.`,
    );
  }
  const projects = await projectsOf(deps, caller, experimentIds);
  const texts = tagTexts(tags);
  const now = deps.clock.now().getTime();
  const by = userOf(tags);
  const dataset: EvaluationDataset = {
    datasetId: `d-${deps.newId()}`,
    name,
    projects: projects.length > 0 ? projects : [owningProject(caller, name, texts[projectTag])],
    experimentIds: [...new Set(experimentIds)],
    tags: texts,
    recordCount: 0,
    digest: datasetDigest(name, now),
    createdAtMs: now,
    updatedAtMs: now,
    createdBy: by,
    updatedBy: by,
  };
  await deps.evaluationDatasets.create(dataset);
  return dataset;
}

/** Throws DatasetNotFound. */
export async function readEvaluationDataset(
  { evaluationDatasets }: EvaluationDatasetDeps,
  caller: Caller,
  datasetId: string,
): Promise<DatasetState> {
  const state = await evaluationDatasets.read(datasetId);
  if (!state) throw datasetNotFound(datasetId);
  assertMayAll(caller, 'viewer', state.dataset);
  return state;
}

/** Deletes a dataset with its records; one that is not there is deleted already. Throws RoleMissing. */
export async function deleteEvaluationDataset(
  { evaluationDatasets }: EvaluationDatasetDeps,
  caller: Caller,
  datasetId: string,
): Promise<void> {
  const state = await evaluationDatasets.read(datasetId);
  if (!state || !mayUse(caller, 'viewer', state.dataset)) return;
  assertMayAll(caller, 'scientist', state.dataset);
  await evaluationDatasets.delete(datasetId);
}

/** Sets tags; those of null stay as they are. Throws DatasetNotFound, RoleMissing. */
export const setDatasetTags = (
  deps: EvaluationDatasetDeps,
  caller: Caller,
  datasetId: string,
  tags: Readonly<Record<string, unknown>>,
): Promise<EvaluationDataset> =>
  changeDataset(deps, caller, datasetId, ({ dataset }) => ({
    dataset: { ...dataset, tags: { ...dataset.tags, ...tagTexts(tags) } },
  }));

/** A tag that is not there is deleted already. Throws DatasetNotFound, RoleMissing. */
export const deleteDatasetTag = (
  deps: EvaluationDatasetDeps,
  caller: Caller,
  datasetId: string,
  key: string,
): Promise<EvaluationDataset> =>
  changeDataset(deps, caller, datasetId, ({ dataset }) => ({
    dataset: {
      ...dataset,
      tags: Object.fromEntries(Object.entries(dataset.tags).filter(([name]) => name !== key)),
    },
  }));

/** Adds experiments to those that a dataset is for, whose projects then own it too. Throws what reading them throws. */
export async function addDatasetExperiments(
  deps: EvaluationDatasetDeps,
  caller: Caller,
  datasetId: string,
  experimentIds: readonly string[],
): Promise<EvaluationDataset> {
  await readEvaluationDataset(deps, caller, datasetId);
  const added = await projectsOf(deps, caller, experimentIds);
  return changeDataset(deps, caller, datasetId, ({ dataset }) => ({
    dataset: {
      ...dataset,
      experimentIds: [...new Set([...dataset.experimentIds, ...experimentIds])],
      projects: [...new Set([...(dataset.experimentIds.length > 0 ? dataset.projects : []), ...added])],
      updatedAtMs: deps.clock.now().getTime(),
    },
  }));
}

/** Takes experiments from a dataset; with the last one goes no project, so that somebody owns it. Throws DatasetNotFound, RoleMissing. */
export async function removeDatasetExperiments(
  deps: EvaluationDatasetDeps,
  caller: Caller,
  datasetId: string,
  experimentIds: readonly string[],
): Promise<EvaluationDataset> {
  const { dataset: found } = await readEvaluationDataset(deps, caller, datasetId);
  const heads = await Promise.all(found.experimentIds.map((id) => deps.heads.experiment(id)));
  const projectOf = new Map(
    heads.flatMap((head) => (head ? [[head.experimentId, head.project] as const] : [])),
  );
  return changeDataset(deps, caller, datasetId, ({ dataset }) => {
    const left = dataset.experimentIds.filter((id) => !experimentIds.includes(id));
    const projects = [...new Set(left.flatMap((id) => projectOf.get(id) ?? []))];
    return {
      dataset: {
        ...dataset,
        experimentIds: left,
        projects: projects.length > 0 ? projects : dataset.projects,
        updatedAtMs: deps.clock.now().getTime(),
      },
    };
  });
}

type Replacement = Parameters<EvaluationDatasetStore['replace']>[1];

const patience = { attempts: 30, firstPauseMs: 10, longestPauseMs: 500 };

/** Changes a dataset, again where somebody changed it meanwhile. Throws DatasetNotFound, RoleMissing, WriteBusy. */
export async function changeDataset(
  deps: EvaluationDatasetDeps,
  caller: Caller,
  datasetId: string,
  change: (state: DatasetState) => Replacement | undefined | Promise<Replacement | undefined>,
): Promise<EvaluationDataset> {
  const busy = () =>
    new AppError(
      'throttled',
      'WriteBusy',
      `Too many clients write to the evaluation dataset ${datasetId} at the same time. Send more records in one call, and try again.`,
      { retryAfterSeconds: 1 },
    );
  return repeating(deps, patience, busy, async () => {
    const state = await deps.evaluationDatasets.read(datasetId);
    if (!state) throw datasetNotFound(datasetId);
    assertMayAll(caller, 'scientist', state.dataset);
    const after = await change(state);
    return after && (await deps.evaluationDatasets.replace(state, after)) ? after.dataset : undefined;
  });
}

function assertMayAll(caller: Caller, role: Role, { datasetId, projects }: EvaluationDataset): void {
  const missing = datasetNotFound(datasetId);
  for (const project of projects) assertMay(caller, 'viewer', project, missing);
  for (const project of projects) assertMay(caller, role, project, missing);
}

/** Projects of experiments that the caller may write to. */
async function projectsOf(
  { heads }: EvaluationDatasetDeps,
  caller: Caller,
  experimentIds: readonly string[],
): Promise<string[]> {
  const found = await Promise.all(experimentIds.map((id) => experimentFor(heads, caller, 'scientist', id)));
  return [...new Set(found.map(({ project }) => project))];
}

/** Tags are texts; what comes otherwise is kept as its JSON. */
const tagTexts = (tags: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) => {
      if (value === null) return [];
      return [[key, typeof value === 'string' ? value : JSON.stringify(value)] as const];
    }),
  );
