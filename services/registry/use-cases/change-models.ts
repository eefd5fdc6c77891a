import type * as z from 'zod';
import { RegisteredModelChanged } from '#events/registry.ts';
import type { Caller } from '#shared/contracts/caller.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { owningProject, projectTag } from '#shared/mlflow/ownership.ts';
import {
  assertDescription,
  assertFits,
  assertModelName,
  assertTag,
  assertTagKey,
} from '../domain/model-names.ts';
import { isPrompt } from '../domain/prompts.ts';
import type { RegisteredModel, Tags } from '../ports/models.ts';
import { causedByCaller, type ModelDeps, modelFor } from './model-access.ts';
import { retryingChanges } from './retrying.ts';

export interface NewModel {
  readonly name: string;
  readonly tags: Tags;
  readonly description?: string | undefined;
}

/** Throws NameTaken, RoleMissing, ProjectUnclear. */
export async function createModel(
  deps: ModelDeps,
  caller: Caller,
  { name, tags, description }: NewModel,
): Promise<RegisteredModel> {
  assertModelName(name);
  for (const [key, value] of Object.entries(tags)) assertTag(key, value);
  assertDescription(description);
  assertFits(`'${name}'`, { tags, description });
  const project = owningProject(caller, name, tags[projectTag]);
  const existing = await deps.models.find(name);
  if (existing) throw nameTaken(name, isPrompt(existing.tags), isPrompt(tags));
  const now = deps.clock.now().toISOString();
  const model = {
    name,
    project,
    latestVersion: 0,
    latestByStage: {},
    ...(description ? { description } : {}),
    tags,
    createdAt: now,
    updatedAt: now,
  };
  return deps.models.create(model, [
    changed(deps, caller, model, { change: 'created', tags, ...(description ? { description } : {}) }),
  ]);
}

/** Sets the description; an empty one takes it away. */
export function describeModel(
  deps: ModelDeps,
  caller: Caller,
  name: string,
  description: string,
): Promise<RegisteredModel> {
  assertDescription(description);
  return changeModel(deps, caller, name, (model) => {
    const { description: _before, ...rest } = model;
    const after = { ...rest, ...(description ? { description } : {}), updatedAt: nowOf(deps) };
    return { after, fact: { change: 'updated', description } };
  });
}

/** Gives a model another name, with all that it has. Throws NameTaken, ProjectModel. */
export function renameModel(
  deps: ModelDeps,
  caller: Caller,
  name: string,
  newName: string,
): Promise<RegisteredModel> {
  assertModelName(newName, 'new_name');
  return changeModel(deps, caller, name, async (model) => {
    if (newName !== name) {
      await assertNotReleased(deps, model, 'be renamed');
      const other = await deps.models.find(newName);
      if (other) throw nameTaken(newName, isPrompt(other.tags), isPrompt(model.tags));
    }
    const after = { ...model, name: newName, updatedAt: nowOf(deps) };
    return { after, fact: { change: 'renamed', formerName: name } };
  });
}

/** Deletes a model with all versions. Throws ProjectModel for one that the platform trains or serves. */
export async function deleteModel(deps: ModelDeps, caller: Caller, name: string): Promise<void> {
  await retryingChanges(async () => {
    const model = await modelFor(deps, caller, 'scientist', name);
    await assertNotReleased(deps, model, 'be deleted');
    const deleted = { ...model, updatedAt: nowOf(deps) };
    await deps.models.delete(deleted, [changed(deps, caller, model, { change: 'deleted' })]);
  });
}

/** A release, an endpoint and the audit name versions by number: numbers of a project's own model are not given again. */
async function assertNotReleased({ store }: ModelDeps, model: RegisteredModel, what: string): Promise<void> {
  if (model.name !== model.project || model.latestVersion === 0) return;
  const [hasTrained, aliases] = await Promise.all([
    store.hasTrainedVersions(model.modelId),
    store.readAliases(model.modelId),
  ]);
  if (hasTrained || aliases['champion'] !== undefined) throw projectModel(model, what);
}

/** Throws ProjectFixed for the tag that says whose the model is. */
export async function setModelTag(
  deps: ModelDeps,
  caller: Caller,
  name: string,
  key: string,
  value: string,
): Promise<void> {
  assertTag(key, value);
  await changeModel(deps, caller, name, (model) => {
    if (key === projectTag && value !== model.project) throw projectFixed(model, value);
    const after = { ...model, tags: { ...model.tags, [key]: value } };
    assertFits(`'${name}'`, { tags: after.tags, description: after.description });
    return { after, fact: { change: 'tagged', tag: { key, value } } };
  });
}

/** A tag that is not there is no error. */
export async function deleteModelTag(
  deps: ModelDeps,
  caller: Caller,
  name: string,
  key: string,
): Promise<void> {
  assertTagKey(key);
  await changeModel(deps, caller, name, (model) => {
    if (!(key in model.tags)) return undefined;
    const { [key]: _gone, ...tags } = model.tags;
    return { after: { ...model, tags }, fact: { change: 'untagged', tag: { key } } };
  });
}

type ModelFact = Omit<z.input<typeof RegisteredModelChanged.data>, 'project' | 'model' | 'isPrompt'>;
interface ModelChange {
  readonly after: RegisteredModel;
  readonly fact: ModelFact;
}

/** Reads, changes and writes a model, again where somebody else came between; undefined changes nothing. */
function changeModel(
  deps: ModelDeps,
  caller: Caller,
  name: string,
  change: (model: RegisteredModel) => ModelChange | undefined | Promise<ModelChange | undefined>,
): Promise<RegisteredModel> {
  return retryingChanges(async () => {
    const model = await modelFor(deps, caller, 'scientist', name);
    const changes = await change(model);
    if (!changes) return model;
    await deps.models.update(model, changes.after, [changed(deps, caller, changes.after, changes.fact)]);
    return changes.after;
  });
}

function changed(
  deps: ModelDeps,
  caller: Caller,
  { name, project, tags }: Pick<RegisteredModel, 'name' | 'project' | 'tags'>,
  fact: ModelFact,
): DomainEvent {
  return RegisteredModelChanged.create(causedByCaller(deps, caller, project), {
    project,
    model: name,
    isPrompt: isPrompt(tags),
    ...fact,
  });
}

const nowOf = ({ clock }: ModelDeps): string => clock.now().toISOString();

/** In the words of MLflow's server, which tells prompts and models apart. */
function nameTaken(name: string, existingIsPrompt: boolean, newIsPrompt: boolean): AppError {
  const [existing, wanted] = [existingIsPrompt, newIsPrompt].map((prompt) =>
    prompt ? 'Prompt' : 'Registered Model',
  );
  const message =
    existing === wanted
      ? `${wanted} (name=${name}) already exists.`
      : `Tried to create a ${wanted?.toLowerCase()} with name '${name}', but the name is already taken by a ${existing?.toLowerCase()}. MLflow does not allow creating a model and a prompt with the same name.`;
  return new AppError('already_exists', 'NameTaken', message);
}

const projectModel = ({ name, project }: RegisteredModel, what: string): AppError =>
  new AppError(
    'precondition_failed',
    'ProjectModel',
    `'${name}' is the model that project '${project}' trains and serves: it cannot ${what}. Delete single versions instead, or use another model, such as '${project}.experiments'.`,
  );

const projectFixed = ({ name, project }: RegisteredModel, wanted: string): AppError =>
  new AppError(
    'invalid_input',
    'ProjectFixed',
    `'${name}' belongs to project '${project}' since it was made; the tag ${projectTag} cannot become '${wanted.slice(0, 100)}'. Make a model of that project instead.`,
  );
