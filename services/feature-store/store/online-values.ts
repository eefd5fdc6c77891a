import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { inParallel } from '#shared/kernel/in-parallel.ts';
import type { FeatureValue, PinnedView } from '../contract.ts';
import { rankOf } from '../domain/rank.ts';
import { statusAt } from '../domain/status.ts';
import { emptyState, valuesAt } from '../domain/window-state.ts';
import type { OnlineAnswer, OnlineReader, OnlineStateWriter, OnlineWriter, Written } from '../ports.ts';
import { itemKinds, type OnlineItem } from './items.ts';
import { onlineKey, rowItem, stateItem, stateOf } from './online-items.ts';

/** Writes under way at once: enough to keep a connection pool busy. */
const writesAtOnce = 32;

/**
 * Online values in the service's table: one item per entity and version of a view, which holds the row of the greatest rank, or the
 * windows. A row of equal rank is the same row and is written again.
 */
export function createOnlineValues(stored: Table): OnlineWriter & OnlineStateWriter & OnlineReader {
  const table = versionedTable(stored, itemKinds);
  const putAll = async (items: readonly OnlineItem[]): Promise<Written> => {
    const done = await inParallel(items, writesAtOnce, (item) =>
      unlessNewer((otherwise) =>
        table.put(item, { when: { absentOrAtMost: { rank: item.rank } }, otherwise }),
      ),
    );
    const put = done.filter((one) => one !== undefined).length;
    return { put, skipped: items.length - put };
  };
  return {
    put: (view, rows, { ttlSeconds }) => putAll(rows.map((row) => rowItem(view, row, ttlSeconds))),
    putStates: (view, states) =>
      putAll(
        states.map(({ key, state, newestRank }) => ({ ...stateItem(view, key, state), rank: newestRank })),
      ),
    async delete(view, rows) {
      const deleted = await inParallel(rows, writesAtOnce, ({ key, ...order }) =>
        unlessNewer((otherwise) =>
          table.delete(onlineKey(view, key), {
            when: { absentOrAtMost: { rank: rankOf(order) } },
            otherwise,
          }),
        ),
      );
      return deleted.filter((one) => one?.result).length;
    },
    async read(project, lookups, atMicroseconds) {
      const keys = new Map(
        lookups.flatMap(({ view, keys: wanted }) =>
          wanted.map((key) => {
            const at = onlineKey({ project, ...view }, key);
            return [at.pk, at] as const;
          }),
        ),
      );
      const items = await table.getAll<OnlineItem>([...keys.values()]).catch(throwBusy);
      const byKey = new Map(items.map((item) => [item.pk, item]));
      return lookups.map(({ view, keys: wanted }) =>
        wanted.map((key) =>
          answerOf(view, byKey.get(onlineKey({ project, ...view }, key).pk), atMicroseconds),
        ),
      );
    },
  };
}

/** One for all rows: nobody sees it, and the stack of an error is dear to make for each row. */
const newer = new AppError('conflict', 'NewerRow', 'A newer row is there.');

/** What a write gave; undefined where a newer row was there. */
async function unlessNewer<T>(
  write: (otherwise: AppError) => Promise<T>,
): Promise<{ readonly result: T } | undefined> {
  try {
    return { result: await write(newer) };
  } catch (error) {
    if (error === newer) return undefined;
    throw error;
  }
}

function throwBusy(error: unknown): never {
  if (!(error instanceof AppError) || error.code !== 'TableBusy') throw error;
  throw new AppError(
    'unavailable',
    'OnlineStoreBusy',
    'The online store is asked for more than it takes at once, and part of the entities could not be read. Try again in a few seconds.',
    {},
    { cause: error },
  );
}

function answerOf(view: PinnedView, item: OnlineItem | undefined, at: number): OnlineAnswer {
  if (view.aggregations.length > 0)
    return valuesAt((item && stateOf(item)) ?? emptyState(), view.aggregations, at);
  const status = statusAt(item?.eventAt, at, view.ttlSeconds);
  const known = status === 'PRESENT' ? valuesOf(item) : {};
  return {
    status,
    ...(item ? { eventAt: item.eventAt } : {}),
    values: Object.fromEntries(view.features.map(({ name }) => [name, known[name] ?? null])),
  };
}

const valuesOf = (item: OnlineItem | undefined): Readonly<Record<string, FeatureValue>> =>
  JSON.parse(item?.values ?? '{}') as Record<string, FeatureValue>;
