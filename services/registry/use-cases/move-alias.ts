import { ModelAliasMoved } from '#events/registry.ts';
import { causedBy, type EventMetadata } from '#shared/contracts/event.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { AliasMove } from '../ports.ts';
import { aliasMoved, type RegistryDeps } from './register-model-version.ts';
import { retryingChanges } from './retrying.ts';

export interface MoveAliasInput {
  readonly project: string;
  readonly alias: string;
  readonly modelVersion: number;
  readonly reason: string;
  /** Moves nothing unless the alias points to this version: an old fact that comes again undoes nothing newer. */
  readonly onlyFrom?: number;
}

/** Points an alias to a version and publishes ModelAliasMoved; where it points there already, nothing happens. Throws ModelVersionNotFound, ModelBusy. */
export const moveAlias = (
  deps: RegistryDeps,
  input: MoveAliasInput,
  cause: EventMetadata,
): Promise<{ fromVersion?: number }> => retryingChanges(() => moveOnce(deps, input, cause));

async function moveOnce(
  { store, models, versions, clock, ids }: RegistryDeps,
  { project, alias, modelVersion, reason, onlyFrom }: MoveAliasInput,
  cause: EventMetadata,
): Promise<{ fromVersion?: number }> {
  const model = await models.find(project);
  if (!model || !(await versions.read(model, modelVersion)))
    throw modelVersionNotFound(project, modelVersion);
  const aliases = await store.readAliases(model.modelId);
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
    movedBy: cause.initiatedBy,
    reason,
  };
  const metadata = causedBy(cause, {
    eventId: ids.next(),
    occurredAt: now,
    actor: { type: 'service', id: 'registry' },
  });
  await store.moveAlias(model, move, [ModelAliasMoved.create(metadata, aliasMoved(project, move))]);
  return before;
}

export const modelVersionNotFound = (project: string, modelVersion: number): AppError =>
  new AppError(
    'not_found',
    'ModelVersionNotFound',
    `Project '${project}' has no model version ${modelVersion}. List its model versions to see which there are.`,
  );
