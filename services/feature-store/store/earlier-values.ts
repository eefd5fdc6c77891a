import { versionedTable } from '#shared/aws/item-versions.ts';
import { conflictAttempts, pause } from '#shared/aws/retries.ts';
import type { Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { inParallel } from '#shared/kernel/in-parallel.ts';
import type { FeatureViewVersion } from '../contract.ts';
import { orderOf } from '../domain/rank.ts';
import { addState, dropBefore, emptyState } from '../domain/window-state.ts';
import type { EarlierValues, EntityChange } from '../ports.ts';
import { itemKinds, type OnlineItem } from './items.ts';
import { after, onlineKey, stateItem, stateOf } from './online-items.ts';
import { createOnlineValues } from './online-values.ts';

const writesAtOnce = 32;
/** An entity that gets a record all the time is tried so often. */
const attempts = 12;

/** Marks, by identity, that a record came meanwhile. */
const overtaken = new AppError('conflict', 'RecordsOvertaken', 'The values of the entity changed meanwhile.');

export function createEarlierValues(stored: Table): EarlierValues {
  const table = versionedTable(stored, itemKinds);
  const online = createOnlineValues(stored);
  return {
    async add(version, entities, nowMicroseconds) {
      const { ttlSeconds } = version;
      const rows = entities.flatMap(({ key, rank, values }) =>
        rank !== undefined && values ? [{ key, ...orderOf(rank), values }] : [],
      );
      await online.put(version, rows, ttlSeconds === undefined ? {} : { ttlSeconds });
      await inParallel(entities, writesAtOnce, (entity) => addOnce(table, version, entity, nowMicroseconds));
    },
  };
}

/** Windows are added once: the item says that they were. Begins again where a record came meanwhile. */
async function addOnce(
  table: Table,
  version: FeatureViewVersion,
  entity: EntityChange,
  nowMicroseconds: number,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await tryOnce(table, version, entity, nowMicroseconds);
      return;
    } catch (error) {
      if (error !== overtaken) throw error;
      if (attempt === attempts)
        throw new AppError(
          'unavailable',
          'OnlineStoreBusy',
          `Records of one entity of '${version.view}' come too fast for those from before to be added. It is tried again within the hour.`,
        );
      await pause(Math.min(attempt, conflictAttempts));
    }
  }
}

async function tryOnce(
  table: Table,
  version: FeatureViewVersion,
  { key, state }: EntityChange,
  nowMicroseconds: number,
): Promise<void> {
  if (!state) return;
  const { aggregations } = version;
  const before = await table.get<OnlineItem>(onlineKey(version, key));
  if (before?.isFilled) return;
  const own = (before && stateOf(before)) ?? emptyState();
  const whole = dropBefore(addState(own, aggregations, state), aggregations, nowMicroseconds);
  if (!whole.newest) return;
  await table.put(stateItem(version, key, whole, { ...after(before), isFilled: true }), {
    when: before ? { equals: { revision: before.revision } } : { absent: true },
    otherwise: overtaken,
  });
}
