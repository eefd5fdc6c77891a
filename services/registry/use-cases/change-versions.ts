import type * as z from 'zod';
import { ModelVersionChanged, ModelVersionCreated, PromptVersionCreated } from '#events/registry.ts';
import type { Caller } from '#shared/contracts/caller.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import { assertDescription, assertFits, assertTag, assertTagKey } from '../domain/model-names.ts';
import { isPrompt } from '../domain/prompts.ts';
import type { RegisteredModel, VersionEntry } from '../ports/models.ts';
import {
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
      revision: 0,
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

export function versionChanged(
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
