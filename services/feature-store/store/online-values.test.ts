import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/kernel/errors.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import type { PinnedView, ViewAggregation } from '../contract.ts';
import { rankOf } from '../domain/rank.ts';
import { addRows, emptyState } from '../domain/window-state.ts';
import type { OnlineRow } from '../ports.ts';
import { createOnlineValues } from './online-values.ts';

const hour = 3_600_000_000;
const now = Date.UTC(2026, 5, 1) * 1000;
const key = { project: 'rides', view: 'trips', version: 2 };
const pinned: PinnedView = {
  view: 'trips',
  version: 2,
  joinKeys: [{ name: 'driver', type: 'string' }],
  ttlSeconds: 3600,
  store: 'dynamodb',
  features: [
    { name: 'rating', type: 'number', sensitive: false, as: 'rating' },
    { name: 'city', type: 'string', sensitive: false },
  ],
  aggregations: [],
};
const row = (driver: string, eventAt: number, values: OnlineRow['values'], tie = ''): OnlineRow => ({
  key: [driver],
  eventAt,
  availableAt: eventAt,
  tie,
  values,
});
const count: ViewAggregation = {
  name: 'trips',
  type: 'integer',
  function: 'count',
  windowSeconds: 3600,
  hopSeconds: 60,
  sensitive: false,
};

function setUp() {
  const table = createMemoryTable();
  const online = createOnlineValues(table);
  const read = async (view: PinnedView, ...drivers: string[]) =>
    (await online.read('rides', [{ view, keys: drivers.map((driver) => [driver]) }], now))[0];
  return { table, online, read };
}

describe('online values', () => {
  it('are those of the newest row, whatever was written last', async () => {
    const { online, read } = setUp();
    const newer = row('d7', now, { rating: 1e-200, city: null });
    expect(await online.put(key, [newer], {})).toEqual({ put: 1, skipped: 0 });
    expect(await online.put(key, [row('d7', now - 1, { rating: 3, city: 'Oslo' }), newer], {})).toEqual({
      put: 1,
      skipped: 1,
    });
    expect(await read(pinned, 'd7')).toEqual([
      { status: 'PRESENT', eventAt: now, values: { rating: 1e-200, city: null } },
    ]);
  });

  it('say what is expired and what never was, also when an entity is asked for twice', async () => {
    const { online, read } = setUp();
    const values = { rating: 3, city: 'Oslo' };
    await online.put(key, [row('edge', now - hour, values), row('old', now - hour - 1, values)], {});
    const none = { rating: null, city: null };
    expect(await read(pinned, 'edge', 'old', 'none', 'edge')).toEqual([
      { status: 'PRESENT', eventAt: now - hour, values },
      { status: 'EXPIRED', eventAt: now - hour - 1, values: none },
      { status: 'NOT_FOUND', values: none },
      { status: 'PRESENT', eventAt: now - hour, values },
    ]);
  });

  it('go some time after they have expired, and stay where they do not', async () => {
    const { online, table } = setUp();
    await online.put(key, [row('d7', now, {})], { ttlSeconds: 60 });
    await online.put(key, [row('d8', now, {})], {});
    expect(table.items().map((item) => item['expiresAt'])).toEqual([now / 1e6 + 60 + 30 * 86_400, undefined]);
  });

  it('are deleted unless a newer row came', async () => {
    const { online, read } = setUp();
    await online.put(key, [row('d7', now, { rating: 1 }), row('d8', now, { rating: 2 })], {});
    expect(await online.delete(key, [row('d7', now, {}), row('d8', now - 1, {}), row('d9', now, {})])).toBe(
      1,
    );
    expect((await read(pinned, 'd7', 'd8'))?.map(({ status }) => status)).toEqual(['NOT_FOUND', 'PRESENT']);
  });

  it('of windows are kept as they were found, and move on by themselves', async () => {
    const { online, read } = setUp();
    const state = addRows(emptyState(), [count], [{ ...row('d7', now - hour / 2, {}), values: {} }]);
    const states = [{ key: ['d7'], state, newestRank: rankOf(row('d7', now - hour / 2, {})) }];
    expect(await online.putStates(key, states)).toEqual({ put: 1, skipped: 0 });
    const windows = { ...pinned, features: [], aggregations: [count] };
    expect(await read(windows, 'd7', 'd8')).toEqual([
      { status: 'PRESENT', eventAt: now - hour / 2, values: { trips: 1 } },
      { status: 'NOT_FOUND', values: { trips: null } },
    ]);
    const [later] = await online.read('rides', [{ view: windows, keys: [['d7']] }], now + hour);
    expect(later).toEqual([{ status: 'NOT_FOUND', values: { trips: null } }]);
  });

  it('say that the store is busy, and let other failures through', async () => {
    const lookups = [{ view: pinned, keys: [['d7']] }];
    const failing = (error: Error) =>
      createOnlineValues({ ...createMemoryTable(), getAll: () => Promise.reject(error) });
    await expect(
      failing(new AppError('unavailable', 'TableBusy', '')).read('rides', lookups, now),
    ).rejects.toMatchObject({ kind: 'unavailable', code: 'OnlineStoreBusy' });
    await expect(failing(new Error('broken')).read('rides', lookups, now)).rejects.toThrow('broken');
  });
});
