import { describe, expect, it } from 'vitest';
import type { DuckDb } from '#shared/duckdb/duckdb.ts';
import { joinKeys, sourceOf, viewOf } from '#test/doubles/feature-views.ts';
import { askedRides, pinnedRides, time, withRides, writeRides } from '#test/doubles/rides.ts';
import { type RetrieveFeatures, retrieveFeatures } from './retrieve-features.ts';

const view = viewOf('upload');

describe('a retrieval', () => {
  const rowsOf = (sql: string) => (database: DuckDb, path: string) =>
    database.run(`COPY (${sql}) TO '${path}' (FORMAT parquet)`);

  it('joins views of other keys and other ttls, and names features that only expressions read', () =>
    withRides(async (database, path) => {
      await writeRides(database, [['a', '10:00:00', 1]], path);
      const zones = `${path}-zones`;
      await rowsOf(
        "SELECT 1::BIGINT AS zone, 7::BIGINT AS x, TIMESTAMPTZ '2026-05-01 09:00:00+00' AS happened_at, TIMESTAMPTZ '2026-05-01 09:00:00+00' AS _available_at",
      )(database, zones);
      const zoneKeys = joinKeys.filter(({ name }) => name === 'zone');
      await retrieveFeatures(database, {
        entityRows: askedRides([
          `('a', 1, '2026-05-01T11:00:00Z')`,
          `('b', 1, '2026-05-01T09:30:00Z')`,
          `('a', NULL, '2026-05-01T11:00:00Z')`,
        ]),
        views: [
          {
            pinned: pinnedRides('drivers'),
            definition: { ...view, source: sourceOf('column') },
            files: [{ path, format: 'parquet' }],
          },
          {
            pinned: pinnedRides('zones', {
              joinKeys: zoneKeys,
              ttlSeconds: 3600,
              features: [{ name: 'x', type: 'integer', sensitive: false }],
            }),
            definition: { ...view, joinKeys: zoneKeys },
            files: [{ path: zones, format: 'parquet' }],
          },
        ],
        asOf: '2030-01-01T00:00:00Z',
        into: 'answers',
      });
      const answers = await database.rows('SELECT * EXCLUDE (happened) FROM answers ORDER BY "row"');
      const at = (short: string) => new Date(time(short));
      expect(answers).toEqual([
        {
          row: 0n,
          driver: 'a',
          zone: 1,
          x: 1n,
          zones__x: null,
          __drivers_status: 'PRESENT',
          __drivers_event_at: at('10:00:00'),
          __zones_status: 'EXPIRED',
          __zones_event_at: at('09:00:00'),
        },
        {
          row: 1n,
          driver: 'b',
          zone: 1,
          x: null,
          zones__x: 7n,
          __drivers_status: 'NOT_FOUND',
          __drivers_event_at: null,
          __zones_status: 'PRESENT',
          __zones_event_at: at('09:00:00'),
        },
        {
          row: 2n,
          driver: 'a',
          zone: null,
          x: null,
          zones__x: null,
          __drivers_status: 'NOT_FOUND',
          __drivers_event_at: null,
          __zones_status: 'NOT_FOUND',
          __zones_event_at: null,
        },
      ]);
    }));

  const retrieval = (of: {
    rows: readonly string[];
    names?: string;
    eventTimestamp?: string;
    as?: string;
  }): RetrieveFeatures => ({
    entityRows: {
      relation: `(SELECT * FROM (VALUES ${of.rows.join(', ')}) given(${of.names ?? 'driver, zone, happened'}))`,
      eventTimestamp: of.eventTimestamp ?? 'happened',
    },
    views: [
      {
        pinned: pinnedRides('v', {
          features: [{ name: 'x', type: 'integer', sensitive: false, as: of.as ?? 'x' }],
        }),
        definition: view,
        files: [],
      },
    ],
    asOf: '2030-01-01T00:00:00Z',
    into: 'answers',
  });

  it('finds nothing where a view has no rows yet', () =>
    withRides(async (database) => {
      const counts = await retrieveFeatures(database, retrieval({ rows: [`('a', 1, '2026-05-01')`] }));
      expect(counts).toMatchObject([{ present: 0, notFound: 1 }]);
    }));

  it.each([
    [
      'a column that is not there',
      { rows: [`('a', 1, '2026-05-01')`], names: 'driver, area, happened' },
      /no column 'zone'.*driver, area, happened/,
    ],
    [
      'a time that is none',
      { rows: [`('a', 1, '2026-05-01')`, `('a', 1, 'soon')`] },
      /Entity row 2 has 'happened' = 'soon'/,
    ],
    [
      'a time that is missing',
      { rows: [`('a', 1, '2026-05-01')`, `('a', 1, NULL)`] },
      /Entity row 2 has 'happened' = nothing/,
    ],
    [
      'a key of another type',
      { rows: [`('a', 1.5::DOUBLE, '2026-05-01')`] },
      /Entity row 1 has 'zone' = '1.5'; a whole number/,
    ],
    [
      'a column with the name of a feature',
      { rows: [`('a', 1, '2026-05-01')`], as: 'Driver' },
      /column 'driver', and a column of the answer/,
    ],
  ] as const)('refuses %s', (_title, of, message) =>
    withRides(async (database) => {
      await expect(retrieveFeatures(database, retrieval(of))).rejects.toThrow(message);
    }),
  );

  it('reads keys of other types as what they mean', () =>
    withRides(async (database, path) => {
      await writeRides(database, [['7', '10:00:00', 5]], path);
      const asked = retrieval({
        rows: [`(7, '1', TIMESTAMP '2026-05-01 11:00:00')`, `(7, '1.0', TIMESTAMP '2026-05-01 09:00:00')`],
      });
      await retrieveFeatures(database, {
        ...asked,
        views: asked.views.map((each) => ({ ...each, files: [{ path, format: 'parquet' as const }] })),
      });
      expect(await database.rows('SELECT x FROM answers ORDER BY "row"')).toEqual([{ x: 5n }, { x: null }]);
    }));

  it('keeps the order of rows where the file has a column named as their number', () =>
    withRides(async (database, path) => {
      await rowsOf(
        "SELECT 'a' AS driver, 1::BIGINT AS zone, x::BIGINT AS x, -x AS file_row_number, TIMESTAMPTZ '2026-05-01 09:00:00+00' AS happened_at, TIMESTAMPTZ '2026-05-01 09:00:00+00' AS _available_at FROM range(3) given(x)",
      )(database, path);
      const asked = retrieval({ rows: [`('a', 1, '2026-05-01T11:00:00Z')`] });
      await retrieveFeatures(database, {
        ...asked,
        views: asked.views.map((each) => ({ ...each, files: [{ path, format: 'parquet' as const }] })),
      });
      expect(await database.rows('SELECT x FROM answers')).toEqual([{ x: 2n }]);
    }));
});
