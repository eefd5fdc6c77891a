import type * as z from 'zod';
import { ModelAliasMoved, ModelVersionRegistered } from '#events/registry.ts';
import type { registerModelVersion as task } from '#services/registry/contract.ts';
import { type Actor, causedBy, type EventMetadata } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { assertPublishable } from '../domain/registration-size.ts';
import type { AliasMove, RegistryStore } from '../ports.ts';

export interface RegistryDeps {
  readonly store: RegistryStore;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

const actor: Actor = { type: 'service', id: 'registry' };
/** Trainings of one project are one at a time; a version taken by another writer is settled by reading again. */
const maxAttempts = 5;

/**
 * Registers a trained model as the next version and points `challenger` to it; publishes ModelVersionRegistered and
 * ModelAliasMoved. The same training again answers the version that it has. Throws RegistrationTooLarge.
 */
export async function registerModelVersion(
  deps: RegistryDeps,
  registration: z.output<typeof task.input>,
  cause: EventMetadata,
): Promise<{ model: string; modelVersion: number }> {
  assertPublishable(registration);
  const { model, trainingId } = registration;
  for (let attempt = 1; ; attempt++) {
    const known = await deps.store.versionOfTraining(trainingId);
    if (known) return { model, modelVersion: known };
    try {
      return { model, modelVersion: await registerNext(deps, registration, cause) };
    } catch (error) {
      const taken = error instanceof AppError && error.code === 'VersionTaken';
      if (!taken || attempt === maxAttempts) throw error;
    }
  }
}

async function registerNext(
  { store, clock, ids }: RegistryDeps,
  registration: z.output<typeof task.input>,
  cause: EventMetadata,
): Promise<number> {
  const { model, project } = registration;
  const [latest, aliases] = await Promise.all([store.latestVersion(model), store.readAliases(model)]);
  const modelVersion = latest + 1;
  const now = clock.now();
  const createdAt = now.toISOString();
  const move: AliasMove = {
    model,
    alias: 'challenger',
    ...(aliases['challenger'] ? { fromVersion: aliases['challenger'] } : {}),
    toVersion: modelVersion,
    movedAt: createdAt,
    reason: `Registered by training ${registration.trainingId}.`,
  };
  const metadata = () => causedBy(cause, { eventId: ids.next(), occurredAt: now, actor });
  await store.saveVersion({ ...registration, modelVersion, status: 'READY', createdAt }, move, [
    ModelVersionRegistered.create(metadata(), { ...registration, modelVersion }),
    ModelAliasMoved.create(metadata(), aliasMoved(project, move)),
  ]);
  return modelVersion;
}

export function aliasMoved(
  project: string,
  { model, alias, fromVersion, toVersion, reason }: AliasMove,
): z.input<typeof ModelAliasMoved.data> {
  return { project, model, alias, ...(fromVersion ? { fromVersion } : {}), toVersion, reason };
}
