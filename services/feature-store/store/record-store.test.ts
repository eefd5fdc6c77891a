import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { newestRowAnswer, type OracleRow, windowAnswer } from '#test/doubles/feature-oracle.ts';
import { createMemoryTable, type MemoryTable } from '#test/doubles/memory-table.ts';
import type { FeatureViewVersion, PinnedView, ViewAggregation } from '../contract.ts';
import type { StreamRecord } from '../domain/stream-records.ts';
import { hopSecondsOf } from '../domain/windows.ts';
import { createOnlineValues } from './online-values.ts';
import { createRecordStore } from './record-store.ts';

const start = Date.UTC(2026, 5, 1, 12) * 1000;
const second = 1_000_000;

const version = (changes: Partial<FeatureViewVersion>): FeatureViewVersion => ({
  project: 'rides',
  view: 'trips',
  version: 1,
  definitionSha256: '0'.repeat(64),
  entities: ['driver'],
  joinKeys: [{ name: 'driver', type: 'string' }],
  source: { type: 'stream', name: 'trips', columns: { x: 'number' }, eventTimestamp: 'at' },
  features: [],
  aggregations: [],
  store: 'dynamodb',
  createdAt: '2026-01-01T00:00:00.000Z',
  projectRevision: 1,
  ...changes,
});
const aggregation = (
  name: string,
  windowSeconds: number,
  one: Pick<ViewAggregation, 'function' | 'column'>,
): ViewAggregation => ({
  name,
  type: 'number',
  windowSeconds,
  hopSeconds: hopSecondsOf(windowSeconds),
  sensitive: false,
  ...one,
});
const windows = [
  aggregation('count_10m', 600, { function: 'count' }),
  aggregation('sum_10m', 600, { function: 'sum', column: 'x' }),
  aggregation('last_1d', 86_400, { function: 'last', column: 'x' }),
  aggregation('distinct_1d', 86_400, { function: 'distinct', column: 'x' }),
];
const ttlSeconds = 900;
const plain = version({
  features: [{ name: 'x', type: 'number', column: 'x', sensitive: false }],
  ttlSeconds,
});
const windowed = version({ view: 'windows', aggregations: windows });
const pinned = (view: FeatureViewVersion): PinnedView => ({
  view: view.view,
  version: view.version,
  joinKeys: view.joinKeys,
  ...(view.ttlSeconds === undefined ? {} : { ttlSeconds: view.ttlSeconds }),
  store: 'dynamodb',
  features: [...view.features, ...view.aggregations].map(({ name, type }) => ({
    name,
    type,
    sensitive: false,
    as: name,
  })),
  aggregations: view.aggregations,
});

/** What a stream does: records come some time after they happened, and some come again. */
interface Step {
  readonly waitSeconds: number;
  readonly agoSeconds: number;
  readonly driver: string;
  readonly x: number | null;
  readonly id: string;
}
const step: fc.Arbitrary<Step> = fc.record({
  waitSeconds: fc.integer({ min: 0, max: 400 }),
  agoSeconds: fc.integer({ min: 0, max: 2000 }),
  driver: fc.constantFrom('d1', 'd2'),
  x: fc.option(fc.integer({ min: -4, max: 4 }), { nil: null }),
  id: fc.integer({ min: 0, max: 15 }).map((id) => `r${id}`),
});

function recordOf({ agoSeconds, driver, x, id }: Step, now: number): StreamRecord {
  return {
    recordId: id,
    eventAt: now - agoSeconds * second,
    availableAt: now,
    tie: id,
    values: { driver, x },
  };
}

/** What is known of each driver, each record once. */
class Known {
  readonly #ids = new Set<string>();
  readonly #rows: { readonly driver: string; readonly row: OracleRow }[] = [];

  add({ recordId, values, ...row }: StreamRecord): void {
    if (this.#ids.has(recordId)) return;
    this.#ids.add(recordId);
    this.#rows.push({ driver: String(values['driver']), row: { ...row, values } });
  }
  of(driver: string): OracleRow[] {
    return this.#rows.filter((each) => each.driver === driver).map(({ row }) => row);
  }
}

const drivers = ['d1', 'd2'];

/** A table that throttles and loses races now and then, as DynamoDB does. */
function troubled(table: MemoryTable, fails: (call: number) => boolean): Table {
  let calls = 0;
  const trouble = new AppError('conflict', 'TransactionConflict', 'Others were writing.');
  return {
    ...table,
    commit: async (commit) => {
      if (fails(calls++)) throw trouble;
      await table.commit(commit);
    },
  };
}

async function answers(table: Table, view: FeatureViewVersion, at: number) {
  const keys = drivers.map((driver) => [driver]);
  return (await createOnlineValues(table).read('rides', [{ view: pinned(view), keys }], at))[0];
}

describe('records of a stream', () => {
  it.each([
    ['the newest row', plain],
    ['windows', windowed],
  ])(
    'answer online, for %s, what all records known by then say, late, early and twice',
    async (_what, view) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          const table = createMemoryTable();
          const known = new Known();
          let now = start;
          for (const each of steps) {
            now += each.waitSeconds * second;
            const record = recordOf(each, now);
            known.add(record);
            await createRecordStore(table).take([view], [record]);
            const expected = drivers.map((driver) =>
              view === plain
                ? newestRowAnswer(known.of(driver), ['x'], now, ttlSeconds)
                : windowAnswer(known.of(driver), windows, now),
            );
            expect(await answers(table, view, now)).toEqual(expected);
          }
        }),
        { numRuns: 60 },
      );
    },
  );

  it('end in the same values whatever comes together, twice, out of order, or is tried again', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .uniqueArray(step, { selector: ({ id }) => id, maxLength: 12 })
          .map((steps) => steps.map((each) => recordOf(each, start)))
          .chain((records) =>
            fc.tuple(
              fc.constant(records),
              fc.shuffledSubarray([...records, ...records], { minLength: records.length * 2 }),
            ),
          ),
        async ([records, shuffled]) => {
          for (const view of [plain, windowed]) {
            const [calm, rough] = [createMemoryTable(), createMemoryTable()];
            await createRecordStore(calm).take([view], records);
            const store = createRecordStore(troubled(rough, (call) => call % 3 === 1));
            const half = Math.floor(shuffled.length / 2);
            const taken = await Promise.all([
              store.take([view], shuffled.slice(0, half)),
              store.take([view], shuffled.slice(half)),
            ]);
            expect(taken.reduce((total, { accepted }) => total + accepted, 0)).toBe(records.length);
            expect(await answers(rough, view, start)).toEqual(await answers(calm, view, start));
          }
        },
      ),
      { numRuns: 15 },
    );
  }, 60_000);

  it('are written to older versions of the view too, each by its own join keys', async () => {
    const table = createMemoryTable();
    const older = version({
      view: 'windows',
      aggregations: windows,
      joinKeys: [{ name: 'city', type: 'string' }],
    });
    const newer = { ...windowed, version: 2 };
    const record = { ...recordOf({ waitSeconds: 0, agoSeconds: 0, driver: 'd1', x: 2, id: 'r1' }, start) };
    const withCity = { ...record, values: { ...record.values, city: 'd2' } };
    await createRecordStore(table).take([newer, older], [withCity]);
    const counts = async (view: FeatureViewVersion) =>
      (await answers(table, view, start))?.map(({ values }) => values['count_10m']);
    expect(await counts(newer)).toEqual([1, null]);
    expect(await counts(older)).toEqual([null, 1]);
  });

  it('give up on an entity that others write all the time', async () => {
    const store = createRecordStore(troubled(createMemoryTable(), () => true));
    const record = recordOf({ waitSeconds: 0, agoSeconds: 0, driver: 'd1', x: 2, id: 'r1' }, start);
    await expect(store.take([windowed], [record])).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'OnlineStoreBusy',
    });
  }, 60_000);
});
