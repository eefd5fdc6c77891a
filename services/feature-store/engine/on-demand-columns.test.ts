import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DuckDb, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { microsecondsText } from '#shared/kernel/microseconds.ts';
import type { FeatureServiceVersion, FeatureValue, PinnedExpression } from '../contract.ts';
import { onDemandValues } from '../domain/on-demand.ts';
import { addOnDemandColumns } from './on-demand-columns.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'on-demand-'));
});
afterAll(() => rm(folder, { recursive: true }));

type Variables = PinnedExpression['variables'];
const fare = { name: 'fare', type: 'number', from: { request: 'fare' } } as const;
const seats = { name: 'seats', type: 'integer', from: { request: 'seats' } } as const;
const note = { name: 'note', type: 'string', from: { request: 'note' } } as const;
const at = { name: 'at', type: 'timestamp', from: { request: 'at' } } as const;
const trips = { name: 'trips', type: 'integer', from: { view: 'driver', feature: 'trips' } } as const;
const since = { name: 'since', type: 'timestamp', from: { view: 'driver', feature: 'since' } } as const;
const rated = { name: 'rated', type: 'boolean', from: { view: 'driver', feature: 'rated' } } as const;

const expression = (as: string, type: PinnedExpression['type'], text: string, variables: Variables) => ({
  view: 'computed',
  name: as,
  as,
  type,
  expression: text,
  variables,
});
const service: Pick<FeatureServiceVersion, 'views' | 'onDemand'> = {
  views: [
    {
      view: 'driver',
      version: 1,
      joinKeys: [{ name: 'driver_id', type: 'integer' }],
      store: 'dynamodb',
      features: [
        { name: 'trips', type: 'integer', sensitive: false, as: 'driver_trips' },
        { name: 'since', type: 'timestamp', sensitive: false },
        { name: 'rated', type: 'boolean', sensitive: false, as: 'rated' },
      ],
      aggregations: [],
    },
  ],
  onDemand: [
    expression('share', 'number', 'fare / nullif(trips, 0)', [fare, trips]),
    expression('grown', 'number', 'exp(fare) * power(fare, 3)', [fare]),
    expression('product', 'integer', 'seats * trips', [seats, trips]),
    expression('whole', 'number', 'seats + 1', [seats]),
    expression('word', 'string', "upper(trim(note)) || '/' || cast(seats as string)", [note, seats]),
    expression('is_long', 'boolean', "length(note) > 3 or (rated and note like '%a%')", [note, rated]),
    expression('later', 'timestamp', 'greatest("at", since)', [at, since]),
    expression('age', 'integer', 'date_diff(\'second\', since, "at")', [since, at]),
  ],
};

const time = fc
  .bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n })
  .map((microseconds) => microsecondsText(microseconds));
const safe = fc.oneof(fc.nat(9), fc.maxSafeInteger());
const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 6 });
const anyRow = fc.record({
  fare: nullable(fc.double({ noNaN: true, noDefaultInfinity: true })),
  seats: nullable(safe),
  note: nullable(
    fc
      .oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\ufeffa', ' ß '))
      .map((text) => text.replaceAll('\0', '')),
  ),
  at: nullable(time),
  trips: nullable(safe),
  since: nullable(time),
  rated: nullable(fc.boolean()),
});
type Row = Record<'fare' | 'seats' | 'note' | 'at' | 'trips' | 'since' | 'rated', FeatureValue>;

const online = ({ trips, since, rated, ...request }: Row): Record<string, FeatureValue> =>
  onDemandValues(service, { request, views: { driver: { trips, since, rated } } });

/** The table that a retrieval makes; what the caller sends is of `types`, as a file may have it. */
async function withTable(
  rows: readonly Row[],
  types: Partial<Record<keyof Row, string>>,
  run: (database: DuckDb) => Promise<void>,
): Promise<void> {
  await withDuckDb({ folder, functionMemoryMb: 512 }, async (database) => {
    await database.run(
      `CREATE TABLE texts ("row" BIGINT, fare VARCHAR, seats VARCHAR, note VARCHAR, "at" VARCHAR, trips VARCHAR, since VARCHAR, rated VARCHAR)`,
    );
    const names = ['fare', 'seats', 'note', 'at', 'trips', 'since', 'rated'] as const;
    await database.append('texts', [
      rows.map((_row, index) => BigInt(index)),
      ...names.map((name) => rows.map((row) => (row[name] === null ? null : textOf(row[name])))),
    ]);
    await database.run(
      `CREATE TABLE answered AS SELECT "row", fare::${types.fare ?? 'DOUBLE'} AS fare, seats::${types.seats ?? 'BIGINT'} AS seats, note,
         "at"::${types.at ?? 'TIMESTAMPTZ'} AS "at", trips::BIGINT AS driver_trips, since::TIMESTAMPTZ AS driver__since, rated::BOOLEAN AS rated
       FROM texts`,
    );
    await run(database);
  });
}
const textOf = (value: FeatureValue): string => (Object.is(value, -0) ? '-0' : String(value));

/** What training has, as online answers have it. */
async function trained(database: DuckDb): Promise<Record<string, FeatureValue>[]> {
  const rows = await database.rows<Record<string, number | bigint | boolean | string | null>>(
    `SELECT share, grown, product, whole, '|' || word AS word, is_long, epoch_us(later) AS later, age FROM answered ORDER BY "row"`,
  );
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => {
        if (name === 'word') return [name, (value as string | null)?.slice(1) ?? null];
        if (name === 'later') return [name, value === null ? null : microsecondsText(value as bigint)];
        return [name, typeof value === 'bigint' ? Number(value) : value];
      }),
    ),
  );
}

describe('computed features', () => {
  it('have the same values in training sets as online, to the bit', { timeout: 60_000 }, async () => {
    const rows = fc.sample(anyRow, 10_000);
    await withTable(rows, {}, async (database) => {
      await addOnDemandColumns(database, 'answered', service);
      expect(await trained(database)).toEqual(rows.map(online));
    });
  });

  it('are the same for entity rows from a file of texts, or with whole numbers as fractions', {
    timeout: 60_000,
  }, async () => {
    const rows = fc.sample(anyRow, 500);
    await withTable(rows, { fare: 'VARCHAR', seats: 'DOUBLE', at: 'VARCHAR' }, async (database) => {
      await addOnDemandColumns(database, 'answered', service);
      expect(await trained(database)).toEqual(rows.map(online));
    });
  });

  const row: Row = { fare: 2.5, seats: 2, note: null, at: null, trips: 4, since: null, rated: null };

  it('are null where an integer is beyond what JSON holds, in both', async () => {
    const rows = [row, { ...row, seats: 2 ** 52, trips: 2 ** 10 }];
    await withTable(rows, {}, async (database) => {
      await addOnDemandColumns(database, 'answered', service);
      expect((await trained(database)).map(({ product }) => product)).toEqual([8, null]);
      expect(rows.map(online).map(({ product }) => product)).toEqual([8, null]);
    });
  });

  it.each([
    ['a number that is none', { fare: '2,5' }, "Entity row 2 has 'fare' = '2,5'; number is expected."],
    ['half a seat', { seats: 2.5 }, "Entity row 2 has 'seats' = '2.5'; integer is expected."],
    [
      'an integer beyond 2^53',
      { trips: '9007199254740993' },
      "Feature 'trips' of view 'driver' is 9007199254740993; a whole number of at most 2^53 is expected.",
    ],
  ])('refuse %s', async (_what, given, message) => {
    const types = { fare: 'VARCHAR', seats: 'DOUBLE' };
    await withTable([row, { ...row, ...given }], types, async (database) => {
      await expect(addOnDemandColumns(database, 'answered', service)).rejects.toThrow(
        expect.objectContaining({ code: 'InvalidEntities', message }),
      );
    });
  });

  it.each([
    ['fare', '2', '\'fare\' is "2"; a number is expected.'],
    ['seats', 2.5, "'seats' is 2.5; a whole number of at most 2^53 is expected."],
    ['seats', 2 ** 53, "'seats' is 9007199254740992; a whole number of at most 2^53 is expected."],
    ['at', 'yesterday', '\'at\' is "yesterday"; a time such as 2026-11-28T09:08:16Z is expected.'],
  ])('refuse online %s = %s', (name, value, message) => {
    expect(() => online({ ...row, [name]: value })).toThrow(
      expect.objectContaining({ code: 'InvalidEntities', message }),
    );
  });

  it('need what the caller sends as a column, and a name of their own', async () => {
    await withTable([row], {}, async (database) => {
      await database.run('CREATE TABLE bare AS SELECT * EXCLUDE (fare) FROM answered');
      await database.run('CREATE TABLE named AS SELECT *, 1 AS "Share" FROM answered');
      await expect(addOnDemandColumns(database, 'bare', service)).rejects.toThrow(/no column 'fare'/);
      await expect(addOnDemandColumns(database, 'named', service)).rejects.toThrow(/has that name too/);
    });
  });
});
