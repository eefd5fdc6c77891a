import { ModelAliasMoved } from '#events/registry.ts';
import type { Caller } from '#shared/contracts/caller.ts';
import { isPrompt } from '../domain/prompts.ts';
import { assertArchivable, canonicalStage, latestByStage } from '../domain/stages.ts';
import type { AliasMove } from '../ports.ts';
import { versionChanged } from './change-versions.ts';
import {
  assertMayMoveAlias,
  causedByCaller,
  type ModelAndVersion,
  type ModelDeps,
  versionFor,
} from './model-access.ts';
import { retryingChanges } from './retrying.ts';

/** Moves a version to a stage and, if asked for, archives the others that are there. Throws InvalidParameter, TooManyVersions. */
export async function moveStage(
  deps: ModelDeps,
  caller: Caller,
  input: {
    readonly name: string;
    readonly version: string;
    readonly stage: string;
    readonly archiveExisting: boolean;
  },
): Promise<ModelAndVersion> {
  const stage = canonicalStage(input.stage);
  if (input.archiveExisting) assertArchivable(stage);
  return retryingChanges(async () => {
    const { model, entry } = await versionFor(deps, caller, 'scientist', input.name, input.version);
    const all = await deps.versions.ofModel(model);
    const updatedAt = deps.clock.now().toISOString();
    const changed = all.flatMap((before) => {
      if (before.modelVersion === entry.modelVersion)
        return [{ before, after: { ...before, stage, updatedAt } }];
      const isArchived = input.archiveExisting && before.stage === stage;
      return isArchived ? [{ before, after: { ...before, stage: 'Archived' as const, updatedAt } }] : [];
    });
    const moved = changed.find(({ after }) => after.modelVersion === entry.modelVersion);
    const now = new Map(changed.map(({ after }) => [after.modelVersion, after]));
    const after = {
      ...model,
      latestByStage: latestByStage(all.map((each) => now.get(each.modelVersion) ?? each)),
      updatedAt,
    };
    await deps.versions.moveStages(
      model,
      after,
      changed,
      changed.map((each) =>
        versionChanged(deps, caller, model, each.after, {
          change: 'stage_moved',
          stage: each.after.stage,
          fromStage: each.before.stage,
        }),
      ),
    );
    return { model: after, entry: moved?.after ?? entry };
  });
}

/** Deletes a version for MLflow's clients: its number stays taken, its aliases go. Throws RoleMissing for what a release points to. */
export async function deleteVersion(
  deps: ModelDeps,
  caller: Caller,
  name: string,
  version: string,
): Promise<void> {
  await retryingChanges(async () => {
    const { model, entry } = await versionFor(deps, caller, 'scientist', name, version);
    const [aliases, all] = await Promise.all([
      deps.store.readAliases(model.modelId),
      deps.versions.ofModel(model),
    ]);
    const own = Object.keys(aliases).filter((alias) => aliases[alias] === entry.modelVersion);
    for (const alias of own) assertMayMoveAlias(caller, model, alias);
    const updatedAt = deps.clock.now().toISOString();
    const moves = own.map(
      (alias): AliasMove => ({
        model: model.name,
        alias,
        fromVersion: entry.modelVersion,
        movedAt: updatedAt,
        movedBy: { type: 'user', id: caller.id },
        reason: `Version ${entry.modelVersion} was deleted.`,
      }),
    );
    const rest = all.filter(({ modelVersion }) => modelVersion !== entry.modelVersion);
    const after = { ...model, latestByStage: latestByStage(rest), updatedAt };
    await deps.versions.delete(model, after, { ...entry, updatedAt }, moves, [
      ...moves.map(({ alias, fromVersion, reason }) =>
        ModelAliasMoved.create(causedByCaller(deps, caller, model.project), {
          project: model.project,
          model: model.name,
          alias,
          fromVersion,
          reason,
          isPrompt: isPrompt(model.tags),
        }),
      ),
      versionChanged(deps, caller, model, entry, { change: 'deleted' }),
    ]);
  });
}
