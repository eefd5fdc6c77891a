import { type Caller, hasRole } from '#shared/contracts/caller.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { Page } from '#shared/kernel/paging.ts';
import type { ModelStore, RegisteredModel } from '../ports/models.ts';
import type { AliasMove, RegistryStore } from '../ports.ts';

interface HistoryDeps {
  readonly models: ModelStore;
  readonly store: RegistryStore;
  readonly clock: Clock;
}

/** A move without the model, which the question names. */
type Move = Omit<AliasMove, 'model'>;

/** Which version an alias pointed to at a time, and the move that made it so. */
export interface AliasAtTime {
  readonly model: string;
  readonly alias: string;
  readonly time: string;
  /** Absent where it pointed to none. */
  readonly modelVersion?: number;
  readonly move?: Move;
}

const modelMissing = (name: string): AppError =>
  new AppError(
    'not_found',
    'RegisteredModelNotFound',
    `There is no registered model '${name}'. Search registered models to see which there are.`,
  );

/** A model that the caller may see. Throws RegisteredModelNotFound. */
async function visibleModel({ models }: HistoryDeps, caller: Caller, name: string): Promise<RegisteredModel> {
  const model = await models.find(name);
  if (!model || !hasRole(caller, 'viewer', model.project)) throw modelMissing(name);
  return model;
}

/** All moves of an alias, the last first. Throws RegisteredModelNotFound. */
export async function aliasHistory(
  deps: HistoryDeps,
  caller: Caller,
  name: string,
  alias: string,
  pageToken: string | undefined,
): Promise<Page<Move>> {
  const { modelId } = await visibleModel(deps, caller, name);
  const page = await deps.store.listAliasMoves(modelId, alias, pageToken);
  return { ...page, items: page.items.map(withoutModel) };
}

/** `time`: ISO 8601 in UTC; now where none is named. Throws RegisteredModelNotFound. */
export async function aliasAt(
  deps: HistoryDeps,
  caller: Caller,
  name: string,
  alias: string,
  time: string | undefined,
): Promise<AliasAtTime> {
  const { modelId } = await visibleModel(deps, caller, name);
  const at = time === undefined ? deps.clock.now() : new Date(time);
  const move = await deps.store.aliasMoveAt(modelId, alias, at.toISOString());
  return {
    model: name,
    alias,
    time: at.toISOString(),
    ...(move?.toVersion === undefined ? {} : { modelVersion: move.toVersion }),
    ...(move ? { move: withoutModel(move) } : {}),
  };
}

const withoutModel = ({ model: _asked, ...move }: AliasMove): Move => move;
