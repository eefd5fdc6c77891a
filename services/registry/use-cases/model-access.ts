import { type Caller, hasRole } from '#shared/contracts/caller.ts';
import type { Role } from '#shared/contracts/endpoint.ts';
import { type EventMetadata, startingJourney } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { assertMay } from '#shared/mlflow/access.ts';
import { assertModelName, versionNumberOf } from '../domain/model-names.ts';
import type { ModelStore, RegisteredModel, VersionEntry, VersionStore } from '../ports/models.ts';
import type { ArtifactPlaces } from '../ports/places.ts';
import type { RegistryStore } from '../ports.ts';

/** What MLflow's operations on models and versions need. */
export interface ModelDeps {
  readonly models: ModelStore;
  readonly versions: VersionStore;
  readonly store: RegistryStore;
  readonly places: ArtifactPlaces;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

export const modelNotFound = (name: string): AppError =>
  new AppError('not_found', 'RegisteredModelNotFound', `Registered Model with name=${name} not found`);

export const versionNotFound = (name: string, version: number | string): AppError =>
  new AppError(
    'not_found',
    'ModelVersionNotFound',
    `Model Version (name=${name}, version=${version}) not found`,
  );

/** A model that the caller has the role for. Throws RegisteredModelNotFound, RoleMissing. */
export async function modelFor(
  { models }: Pick<ModelDeps, 'models'>,
  caller: Caller,
  role: Role,
  name: string,
): Promise<RegisteredModel> {
  assertModelName(name);
  const model = await models.find(name);
  if (!model) throw modelNotFound(name);
  assertMay(caller, role, model.project, modelNotFound(name));
  return model;
}

export interface ModelAndVersion {
  readonly model: RegisteredModel;
  readonly entry: VersionEntry;
}

/** A version that the caller has the role for. Throws ModelVersionNotFound, RoleMissing. */
export async function versionFor(
  { models, versions }: Pick<ModelDeps, 'models' | 'versions'>,
  caller: Caller,
  role: Role,
  name: string,
  versionText: string,
): Promise<ModelAndVersion> {
  assertModelName(name);
  const number = versionNumberOf(versionText);
  const notFound = versionNotFound(name, number);
  const model = await models.find(name);
  if (!model) throw notFound;
  assertMay(caller, role, model.project, notFound);
  const entry = await versions.read(model, number);
  if (!entry) throw notFound;
  return { model, entry };
}

/** Aliases that say which version of a project's own model serves, and which is tried. */
const releaseAliases: readonly string[] = ['champion', 'challenger'];

/** Whether only releases, and who may decide on them, move this alias. */
export const isReleaseAlias = ({ name, project }: RegisteredModel, alias: string): boolean =>
  name === project && releaseAliases.includes(alias);

/** Throws RoleMissing where an alias moves by releases alone. */
export function assertMayMoveAlias(caller: Caller, model: RegisteredModel, alias: string): void {
  if (!isReleaseAlias(model, alias) || hasRole(caller, 'approver', model.project)) return;
  throw new AppError(
    'forbidden',
    'RoleMissing',
    `The alias '${alias}' of '${model.name}' says what project '${model.project}' serves: it moves by a release, or by somebody with the role approver for the project. Register a version and let its release be approved, or ask an approver.`,
  );
}

/** Metadata of a fact that a caller causes. */
export const causedByCaller = (
  { clock, ids }: Pick<ModelDeps, 'clock' | 'ids'>,
  caller: Caller,
  project: string,
): EventMetadata =>
  startingJourney({
    eventId: ids.next(),
    occurredAt: clock.now(),
    project,
    actor: { type: 'user', id: caller.id.slice(0, 128) },
  });
