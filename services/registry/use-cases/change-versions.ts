import type * as z from 'zod';
import { ModelAliasMoved, ModelVersionChanged, ModelVersionCreated, PromptVersionCreated } from '#events/registry.ts';
import type { Caller } from '#shared/contracts/caller.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import { assertDescription, assertFits, assertTag, assertTagKey } from '../domain/model-names.ts';
import { isPrompt } from '../domain/prompts.ts';
import { assertArchivable, canonicalStage, latestByStage } from '../domain/stages.ts';
import type { AliasMove } from '../ports.ts';
import type { RegisteredModel, VersionEntry } from '../ports/models.ts';
import {
  assertMayMoveAlias,
  causedByCaller,
  type ModelAndVersion,
  type ModelDeps,
  modelFor,
  versionFor,
} from './model-access.ts';
import { resolveSource, type SourceInput } from './resolve-source.ts';
import { retryingChanges } from './retrying.ts';

export interface NewVersion extends SourceInput {
  readonly name: string;
  readonly runLink?: string | undefined;
  readonly description?: string | undefined;
}

/** Registers the next version of a model; it is ready at once. Throws RegisteredModelNotFound, InvalidSource, ModelBusy. */
export async function createVersion(
  deps: ModelDeps,
  caller: Caller,
  input: NewVersion,
): Promise<ModelAndVersion> {
  const { name, tags, description, runLink } = input;
  for (const [key, value] of Object.entries(tags)) assertTag(key, value);
  assertDescription(description);
  assertFits(`a version of '${name}'`, { tags, description, runLink, source: input.source });
  await modelFor(deps, caller, 'scientist', name);
  const origin = await resolveSource(deps, caller, input);
  return retryingChanges(async () => {
    const model = await modelFor(deps, caller, 'scientist', name);
    const modelVersion = model.latestVersion + 1;
    const now = deps.clock.now().toISOString();
    const entry: VersionEntry = {
      modelId: model.modelId,
      modelVersion,
      ...origin,
      ...(runLink ? { runLink } : {}),
      ...(description ? { description } : {}),
      tags,
      stage: 'None',
      status: 'READY',
      createdBy: caller.id,
      createdAt: now,
      updatedAt: now,
    };
    const after = {
      ...model,
      latestVersion: modelVersion,
      latestByStage: { ...model.latestByStage, None: modelVersion },
      updatedAt: now,
    };
    await deps.versions.create(model, after, entry, [created(deps, caller, model, entry)]);
    return { model: after, entry };
  });
}

function created(deps: ModelDeps, caller: Caller, model: RegisteredModel, entry: VersionEntry): DomainEvent {
  const { project, name } = model;
  const { modelVersion, tags, source, runId, loggedModelId, description } = entry;
  const metadata = causedByCaller(deps, caller, project);
  const common = { project, tags, ...(description ? { description } : {}), createdBy: caller.id };
  if (isPrompt(tags))
    return PromptVersionCreated.create(metadata, { ...common, prompt: name, promptVersion: modelVersion });
  return ModelVersionCreated.create(metadata, {
    ...common,
    model: name,
    modelVersion,
    source,
    ...(runId ? { runId } : {}),
    ...(loggedModelId ? { modelId: loggedModelId } : {}),
  });
}

/** Sets the description of a version; an empty one takes it away. */
export function describeVersion(
  deps: ModelDeps,
  caller: Caller,
  name: string,
  version: string,
  description: string,
): Promise<ModelAndVersion> {
  assertDescription(description);
  return changeVersion(deps, caller, name, version, ({ entry }) => {
    const { description: _before, ...rest } = entry;
    const after = { ...rest, ...(description ? { description } : {}), updatedAt: nowOf(deps) };
    return { after, fact: { change: 'updated', description } };
  });
}

export async function setVersionTag(
  deps: ModelDeps,
  caller: Caller,
  name: string,
  version: string,
  key: string,
  value: string,
): Promise<void> {
  assertTag(key, value);
  await changeVersion(deps, caller, name, version, ({ entry }) => {
    const after = { ...entry, tags: { ...entry.tags, [key]: value } };
    assertFits(`version ${version} of '${name}'`, { tags: after.tags, description: after.description });
    return { after, fact: { change: 'tagged', tag: { key, value } } };
  });
}

/** A tag that is not there is no error. */
export async function deleteVersionTag(
  deps: ModelDeps,
  caller: Caller,
  name: string,
  version: string,
  key: string,
): Promise<void> {
  assertTagKey(key);
  await changeVersion(deps, caller, name, version, ({ entry }) => {
    if (!(key in entry.tags)) return undefined;
    const { [key]: _gone, ...tags } = entry.tags;
    return { after: { ...entry, tags }, fact: { change: 'untagged', tag: { key } } };
  });
}

/** Moves a version to a stage and, if asked for, archives the others that are there. Throws InvalidParameter, TooManyVersions. */
export async function moveStage(
  deps: ModelDeps,
  caller: Caller,
  input: { readonly name: string; readonly version: string; readonly stage: string; readonly archiveExisting: boolean },
): Promise<ModelAndVersion> {
  const stage = canonicalStage(input.stage);
  if (input.archiveExisting) assertArchivable(stage);
  return retryingChanges(async () => {
    const { model, entry } = await versionFor(deps, caller, 'scientist', input.name, input.version);
    const all = await deps.versions.ofModel(model);
    const updatedAt = nowOf(deps);
    const changed = all.flatMap((before) => {
      if (before.modelVersion === entry.modelVersion) return [{ before, after: { ...before, stage, updatedAt } }];
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
export async function deleteVersion(deps: ModelDeps, caller: Caller, name: string, version: string): Promise<void> {
  await retryingChanges(async () => {
    const { model, entry } = await versionFor(deps, caller, 'scientist', name, version);
    const [aliases, all] = await Promise.all([
      deps.store.readAliases(model.modelId),
      deps.versions.ofModel(model),
    ]);
    const own = Object.keys(aliases).filter((alias) => aliases[alias] === entry.modelVersion);
    for (const alias of own) assertMayMoveAlias(caller, model, alias);
    const updatedAt = nowOf(deps);
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

type VersionFact = Omit<
  z.input<typeof ModelVersionChanged.data>,
  'project' | 'model' | 'modelVersion' | 'isPrompt'
>;

/** Reads, changes and writes a version, again where somebody else came between; undefined changes nothing. */
function changeVersion(
  deps: ModelDeps,
  caller: Caller,
  name: string,
  version: string,
  change: (found: ModelAndVersion) => { after: VersionEntry; fact: VersionFact } | undefined,
): Promise<ModelAndVersion> {
  return retryingChanges(async () => {
    const found = await versionFor(deps, caller, 'scientist', name, version);
    const changes = change(found);
    if (!changes) return found;
    const { after, fact } = changes;
    await deps.versions.update(found.entry, after, [versionChanged(deps, caller, found.model, after, fact)]);
    return { model: found.model, entry: after };
  });
}

function versionChanged(
  deps: ModelDeps,
  caller: Caller,
  { project, name, tags }: RegisteredModel,
  { modelVersion }: VersionEntry,
  fact: VersionFact,
): DomainEvent {
  return ModelVersionChanged.create(causedByCaller(deps, caller, project), {
    project,
    model: name,
    modelVersion,
    isPrompt: isPrompt(tags),
    ...fact,
  });
}

const nowOf = ({ clock }: ModelDeps): string => clock.now().toISOString();
