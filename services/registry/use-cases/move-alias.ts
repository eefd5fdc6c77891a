import { ModelAliasMoved } from '#events/registry.ts';
import { causedBy, type EventMetadata } from '#shared/contracts/event.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { AliasMove } from '../ports.ts';
import { aliasMoved, type RegistryDeps } from './register-model-version.ts';

export interface MoveAliasInput {
  readonly project: string;
  readonly alias: string;
  readonly modelVersion: number;
  readonly reason: string;
  /** Moves nothing unless the alias points to this version: an old fact that comes again undoes nothing newer. */
  readonly onlyFrom?: number;
}

/** Points an alias to a version and publishes ModelAliasMoved; where it points there already, nothing happens. Throws ModelVersionNotFound, AliasMoved. */
export async function moveAlias(
  { store, clock, ids }: RegistryDeps,
  { project, alias, modelVersion, reason, onlyFrom }: MoveAliasInput,
  cause: EventMetadata,
): Promise<{ fromVersion?: number }> {
  const [version, aliases] = await Promise.all([
    store.readVersion(project, modelVersion),
    store.readAliases(project),
  ]);
  if (!version) throw modelVersionNotFound(project, modelVersion);
  const fromVersion = aliases[alias];
  const before = fromVersion === undefined ? {} : { fromVersion };
  if (fromVersion === modelVersion || (onlyFrom !== undefined && fromVersion !== onlyFrom)) return before;
  const now = clock.now();
  const move: AliasMove = {
    model: project,
    alias,
    ...before,
    toVersion: modelVersion,
    movedAt: now.toISOString(),
    reason,
  };
  const metadata = causedBy(cause, {
    eventId: ids.next(),
    occurredAt: now,
    actor: { type: 'service', id: 'registry' },
  });
  await store.moveAlias(move, [ModelAliasMoved.create(metadata, aliasMoved(project, move))]);
  return before;
}

export const modelVersionNotFound = (project: string, modelVersion: number): AppError =>
  new AppError(
    'not_found',
    'ModelVersionNotFound',
    `Project '${project}' has no model version ${modelVersion}. List its model versions to see which there are.`,
  );
