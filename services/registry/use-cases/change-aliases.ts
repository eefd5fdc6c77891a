import { ModelAliasMoved } from '#events/registry.ts';
import type { Caller } from '#shared/contracts/caller.ts';
import { assertAliasName, assertAliasNotReserved } from '../domain/model-names.ts';
import { isPrompt } from '../domain/prompts.ts';
import type { RegisteredModel } from '../ports/models.ts';
import type { AliasMove } from '../ports.ts';
import { assertMayMoveAlias, causedByCaller, type ModelDeps, modelFor, versionFor } from './model-access.ts';
import { retryingChanges } from './retrying.ts';

const reason = 'Asked for by MLflow’s API.';

/** Points an alias to a version, with history; to the one it has already is a no-op. Throws ModelVersionNotFound, RoleMissing. */
export async function setAlias(
  deps: ModelDeps,
  caller: Caller,
  name: string,
  alias: string,
  version: string,
): Promise<void> {
  assertAliasName(alias);
  assertAliasNotReserved(alias);
  await retryingChanges(async () => {
    const { model, entry } = await versionFor(deps, caller, 'scientist', name, version);
    await moveTo(deps, caller, model, alias, entry.modelVersion);
  });
}

/** Takes an alias away, with history; one that is not there is no error. Throws RegisteredModelNotFound, RoleMissing. */
export async function deleteAlias(
  deps: ModelDeps,
  caller: Caller,
  name: string,
  alias: string,
): Promise<void> {
  assertAliasName(alias);
  await retryingChanges(async () => {
    const model = await modelFor(deps, caller, 'scientist', name);
    await moveTo(deps, caller, model, alias, undefined);
  });
}

async function moveTo(
  deps: ModelDeps,
  caller: Caller,
  model: RegisteredModel,
  alias: string,
  toVersion: number | undefined,
): Promise<void> {
  assertMayMoveAlias(caller, model, alias);
  const fromVersion = (await deps.store.readAliases(model.modelId))[alias];
  if (fromVersion === toVersion) return;
  const metadata = causedByCaller(deps, caller, model.project);
  const versions = {
    ...(fromVersion === undefined ? {} : { fromVersion }),
    ...(toVersion === undefined ? {} : { toVersion }),
  };
  const move: AliasMove = {
    model: model.name,
    alias,
    ...versions,
    movedAt: metadata.occurredAt,
    movedBy: metadata.actor,
    reason,
  };
  const data = { project: model.project, model: model.name, alias, ...versions, reason };
  await deps.store.moveAlias(model, move, [
    ModelAliasMoved.create(metadata, { ...data, isPrompt: isPrompt(model.tags) }),
  ]);
}
