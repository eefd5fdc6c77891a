import type { Caller } from '#shared/contracts/caller.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { assertMay } from '#shared/mlflow/access.ts';
import {
  assertModelName,
  type KeyValue,
  type LoggedModel,
  type LoggedModelStatus,
  modelArtifactUri,
  withModelMetrics,
  withModelParams,
  withModelTags,
  withoutModelTag,
} from '../domain/logged-model.ts';
import { generatedRunName } from '../domain/run-name.ts';
import type { Heads } from '../ports/heads.ts';
import type { LoggedModelStore, ModelPoints } from '../ports/logged-models.ts';
import { changeRevision } from './change-revision.ts';
import { activeExperimentFor, activeRunFor } from './heads.ts';
import type { RetryDeps } from './repeating.ts';

export interface LoggedModelDeps extends RetryDeps {
  readonly models: LoggedModelStore;
  readonly heads: Heads;
  readonly clock: Clock;
  /** 32 hexadecimal digits. */
  readonly newId: () => string;
}

export interface NewLoggedModel {
  readonly experimentId: string;
  readonly name?: string | undefined;
  readonly modelType?: string | undefined;
  readonly sourceRunId?: string | undefined;
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
}

export const modelNotFound = (modelId: string): AppError =>
  new AppError('not_found', 'ModelNotFound', `Logged model with ID '${modelId}' not found.`);

/** Begins a model, whose files come next. Throws ExperimentNotFound, RoleMissing, ExperimentDeleted, InvalidParameter. */
export async function createLoggedModel(
  deps: LoggedModelDeps,
  caller: Caller,
  wanted: NewLoggedModel,
): Promise<LoggedModel> {
  const name = wanted.name || generatedRunName(deps.random);
  assertModelName(name);
  const { experimentId, project, artifactLocation } = await activeExperimentFor(
    deps.heads,
    caller,
    wanted.experimentId,
  );
  const modelId = `m-${deps.newId()}`;
  const now = deps.clock.now().getTime();
  const empty: LoggedModel = {
    modelId,
    experimentId,
    project,
    name,
    modelType: wanted.modelType,
    sourceRunId: wanted.sourceRunId,
    artifactUri: modelArtifactUri(artifactLocation, modelId),
    status: 'PENDING',
    createdAtMs: now,
    updatedAtMs: now,
    lifecycleStage: 'active',
    tags: {},
    params: {},
    metrics: [],
  };
  const model = withModelTags(withModelParams(empty, wanted.params), wanted.tags);
  if (await deps.models.write(model, undefined)) return model;
  throw new AppError('already_exists', 'ModelExists', `The logged model ${modelId} exists.`);
}

/** Throws ModelNotFound, also for deleted ones unless they are asked for. */
export async function readLoggedModel(
  deps: { readonly models: Pick<LoggedModelStore, 'read'> },
  caller: Caller,
  modelId: string,
  { allowDeleted = false }: { allowDeleted?: boolean } = {},
): Promise<LoggedModel> {
  const found = await deps.models.read(modelId);
  if (!found) throw modelNotFound(modelId);
  assertMay(caller, 'viewer', found.value.project, modelNotFound(modelId));
  if (found.value.lifecycleStage === 'deleted' && !allowDeleted) throw modelNotFound(modelId);
  return found.value;
}

/** Says that all files of a model are there, or that they failed. Throws ModelNotFound, RoleMissing. */
export const finalizeLoggedModel = (
  deps: LoggedModelDeps,
  caller: Caller,
  modelId: string,
  status: LoggedModelStatus,
): Promise<LoggedModel> =>
  changeModel(deps, caller, modelId, (model) =>
    model.status === status ? model : { ...model, status, updatedAtMs: deps.clock.now().getTime() },
  );

/** Deletes a model; its files stay. Deleting it again changes nothing. Throws ModelNotFound, RoleMissing. */
export const deleteLoggedModel = (
  deps: LoggedModelDeps,
  caller: Caller,
  modelId: string,
): Promise<LoggedModel> =>
  changeModel(deps, caller, modelId, (model) =>
    model.lifecycleStage === 'deleted'
      ? model
      : { ...model, lifecycleStage: 'deleted', updatedAtMs: deps.clock.now().getTime() },
  );

/** Throws ModelNotFound, RoleMissing. */
export const setLoggedModelTags = (
  deps: LoggedModelDeps,
  caller: Caller,
  modelId: string,
  tags: readonly KeyValue[],
): Promise<LoggedModel> => changeModel(deps, caller, modelId, (model) => withModelTags(model, tags));

/** Throws ModelNotFound, RoleMissing, ModelTagNotFound. */
export const deleteLoggedModelTag = (
  deps: LoggedModelDeps,
  caller: Caller,
  modelId: string,
  key: string,
): Promise<LoggedModel> => changeModel(deps, caller, modelId, (model) => withoutModelTag(model, key));

/** Throws ModelNotFound, RoleMissing, ParamChanged. */
export const logLoggedModelParams = (
  deps: LoggedModelDeps,
  caller: Caller,
  modelId: string,
  params: readonly KeyValue[],
): Promise<LoggedModel> => changeModel(deps, caller, modelId, (model) => withModelParams(model, params));

/** Takes what a run logged for models of its project. Throws RunNotFound, RoleMissing, RunDeleted, ModelNotFound. */
export async function logModelMetrics(
  deps: Pick<LoggedModelDeps, 'models' | 'heads' | 'random' | 'pause'>,
  caller: Caller,
  runId: string,
  points: readonly ModelPoints[],
): Promise<void> {
  if (points.length === 0) return;
  const { project } = await activeRunFor(deps.heads, caller, runId);
  for (const { modelId, metrics } of points) {
    await changeRevision(deps.models, deps, modelId, modelNotFound(modelId), (model) => {
      if (model.project !== project) throw modelNotFound(modelId);
      return withModelMetrics(
        model,
        metrics.map((metric) => ({ ...metric, runId })),
      );
    });
  }
}

function changeModel(
  deps: LoggedModelDeps,
  caller: Caller,
  modelId: string,
  change: (model: LoggedModel) => LoggedModel,
): Promise<LoggedModel> {
  return changeRevision(deps.models, deps, modelId, modelNotFound(modelId), (model) => {
    assertMay(caller, 'scientist', model.project, modelNotFound(modelId));
    return change(model);
  });
}
