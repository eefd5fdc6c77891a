import type * as z from 'zod';
import { ModelAliasMoved, ModelVersionRegistered } from '#events/registry.ts';
import type { registerModelVersion as task } from '#services/registry/contract.ts';
import { type Actor, causedBy, type EventMetadata } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { assertPublishable } from '../domain/registration-size.ts';
import type { ModelStore, RegisteredModel, VersionStore } from '../ports/models.ts';
import type { AliasMove, RegistryStore } from '../ports.ts';
import { entryOfRegistration } from './entry-of-registration.ts';
import { retryingChanges } from './retrying.ts';

export interface RegistryDeps {
  readonly store: RegistryStore;
  readonly models: ModelStore;
  readonly versions: VersionStore;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

const actor: Actor = { type: 'service', id: 'registry' };

/**
 * Registers a trained model as the next version and points `challenger` to it; publishes ModelVersionRegistered and
 * ModelAliasMoved. The same training again answers the version that it has. Throws RegistrationTooLarge,
 * ModelOfOther.
 */
export async function registerModelVersion(
  deps: RegistryDeps,
  registration: z.output<typeof task.input>,
  cause: EventMetadata,
): Promise<{ model: string; modelVersion: number }> {
  assertPublishable(registration);
  const { model, trainingId } = registration;
  return retryingChanges(async () => {
    const known = await deps.store.versionOfTraining(trainingId);
    return { model, modelVersion: known ?? (await registerNext(deps, registration, cause)) };
  });
}

async function registerNext(
  deps: RegistryDeps,
  registration: z.output<typeof task.input>,
  cause: EventMetadata,
): Promise<number> {
  const { store, clock, ids } = deps;
  const { model, project } = registration;
  const registered = await modelOfProject(deps, model, project);
  const aliases = await store.readAliases(registered.modelId);
  const modelVersion = registered.latestVersion + 1;
  const now = clock.now();
  const createdAt = now.toISOString();
  const move: AliasMove = {
    model,
    alias: 'challenger',
    ...(aliases['challenger'] ? { fromVersion: aliases['challenger'] } : {}),
    toVersion: modelVersion,
    movedAt: createdAt,
    movedBy: cause.initiatedBy,
    reason: `Registered by training ${registration.trainingId}.`,
  };
  const metadata = () => causedBy(cause, { eventId: ids.next(), occurredAt: now, actor });
  const version = { ...registration, modelVersion, status: 'READY' as const, createdAt };
  const after = {
    ...registered,
    latestVersion: modelVersion,
    latestByStage: { ...registered.latestByStage, None: modelVersion },
    updatedAt: createdAt,
  };
  await store.saveVersion(
    registered,
    after,
    version,
    entryOfRegistration(registered.modelId, version),
    move,
    [
      ModelVersionRegistered.create(metadata(), { ...registration, modelVersion }),
      ModelAliasMoved.create(metadata(), aliasMoved(project, move)),
    ],
  );
  return modelVersion;
}

/** The model that a project trains; the first training makes it, unless somebody did. */
async function modelOfProject(
  { models, clock }: RegistryDeps,
  name: string,
  project: string,
): Promise<RegisteredModel> {
  const existing = (await models.find(name)) ?? (await firstOfProject({ models, clock }, name, project));
  if (existing.project === project) return existing;
  throw new AppError(
    'precondition_failed',
    'ModelOfOther',
    `The registered model '${name}' belongs to project '${existing.project}', so that project '${project}' cannot register its versions there. Rename that model, then train again.`,
  );
}

async function firstOfProject(
  { models, clock }: Pick<RegistryDeps, 'models' | 'clock'>,
  name: string,
  project: string,
): Promise<RegisteredModel> {
  const now = clock.now().toISOString();
  const made = {
    name,
    project,
    latestVersion: 0,
    latestByStage: {},
    tags: {},
    createdAt: now,
    updatedAt: now,
  };
  try {
    return await models.create(made, []);
  } catch (error) {
    // Somebody made it at the same moment.
    const other = error instanceof AppError && error.code === 'NameTaken' && (await models.find(name));
    if (other) return other;
    throw error;
  }
}

export function aliasMoved(
  project: string,
  { model, alias, fromVersion, toVersion, reason }: AliasMove,
): z.input<typeof ModelAliasMoved.data> {
  return {
    project,
    model,
    alias,
    ...(fromVersion ? { fromVersion } : {}),
    ...(toVersion ? { toVersion } : {}),
    reason,
  };
}
