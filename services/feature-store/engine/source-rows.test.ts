import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type DuckDb, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { type SourceKind, viewOf, writeRecords, writeRows } from '#test/doubles/feature-views.ts';
import type { AskedWindow, KnownRow } from '#test/doubles/point-in-time.ts';
import { latestRows } from './latest-rows.ts';
import { retrieveFeatures } from './retrieve-features.ts';
import { sourceRowsSql, type ViewOfRows } from './source-rows.ts';
import { windowRowsSql } from './window-rows.ts';

const second = 1_000_000;
const row = (eventAt: number, x: number | null, of: Partial<KnownRow> = {}): KnownRow => ({
  key: ['a', 1],
  eventAt: eventAt * second,
  availableAt: eventAt * second,
  knownAt: eventAt * second,
  tie: `r${eventAt}`,
  values: { x, s: 'p' },
  ...of,
});
const withDatabase = <Result>(run: (database: DuckDb, folder: string) => Promise<Result>) =>
  withScratchFolder((folder) =>
    withDuckDb({ folder, functionMemoryMb: 512 }, (database) => run(database, folder)),
  );
const count: AskedWindow = { name: 'n', function: 'count', column: 'x', windowSeconds: 600, hopSeconds: 60 };

describe('rows of a source', () => {
  it('are the same from records as they land and from the Parquet that they become', () =>
    withDatabase(async (database, folder) => {
      const rows = [
        row(10, 5),
        row(20, null, { key: ['it’s', 2], knownAt: 21 * second, values: { x: null, s: null } }),
      ];
      const view = viewOf('stream');
      const lines = await writeRecords(database, rows, `${folder}/a.jsonl`);
      const parquet = await writeRows(database, rows, `${folder}/b`);
      const read = (file: typeof lines) => database.rows(`${sourceRowsSql(view, [file])} ORDER BY tie`);
      expect(await read(lines)).toEqual(await read(parquet));
      expect(await read(lines)).toMatchObject([
        { k0: 'a', k1: 1n, tie: 'r10', f0: 5n, f1: 'p' },
        {
          k0: 'it’s',
          k1: 2n,
          available_at: new Date(21_000),
          known_at: new Date(21_000),
          f0: null,
          f1: null,
        },
      ]);
    }));

  it('count a record that was sent again once in windows, from its first arrival on', () =>
    withDatabase(async (database, folder) => {
      const rows = [row(10, 5, { knownAt: 30 * second }), row(10, 5, { knownAt: 20 * second })];
      const file = await writeRecords(database, rows, `${folder}/a.jsonl`);
      expect(await database.rows(sourceRowsSql(viewOf('stream', [count]), [file]))).toMatchObject([
        { available_at: new Date(20_000) },
      ]);
    }));

  it('of captures are what the model was asked about entities, and what it answered', () =>
    withDatabase(async (database, folder) => {
      const captured = {
        inferenceId: 'i-1',
        project: 'rides',
        model: 'm',
        modelVersion: 3,
        at: '2026-05-01T10:00:00.000Z',
        features: { x: 4, 'odd "name"': 'q', flag: true },
        prediction: { value: 0.25 },
        caller: 'app',
        served: { service: 's', version: 1, joinKeys: { driver: 'a', zone: 1 }, views: [] },
      };
      const { served: _served, ...unkeyed } = captured;
      await writeFile(`${folder}/c.jsonl`, `${JSON.stringify(captured)}\n${JSON.stringify(unkeyed)}\n`);
      const feature = (column: string, type: 'integer' | 'string' | 'number' | 'boolean') => ({
        name: 'f',
        column,
        type,
        sensitive: false,
      });
      const view: ViewOfRows = {
        ...viewOf('stream'),
        source: { type: 'captures', name: 'asked' },
        features: [
          feature('x', 'integer'),
          feature('odd "name"', 'string'),
          feature('flag', 'boolean'),
          feature('prediction', 'number'),
          feature('model_version', 'integer'),
          feature('inference_id', 'string'),
          feature('not there', 'number'),
        ],
      };
      const at = new Date(captured.at);
      expect(
        await database.rows(sourceRowsSql(view, [{ path: `${folder}/c.jsonl`, format: 'jsonl' }])),
      ).toEqual([
        {
          k0: 'a',
          k1: 1n,
          event_at: at,
          available_at: at,
          known_at: at,
          tie: 'i-1',
          f0: 4n,
          f1: 'q',
          f2: true,
          f3: 0.25,
          f4: 3n,
          f5: 'i-1',
          f6: null,
        },
      ]);
    }));
});

describe('what is materialized', () => {
  const late: readonly [SourceKind, KnownRow[]] = [
    'column',
    [
      row(10, 1),
      row(20, null),
      row(15, 3, { availableAt: 25 * second }),
      row(30, 4, { availableAt: 90 * second }),
      row(40, 5, { knownAt: 90 * second }),
      row(50, 6, { key: ['b', 1] }),
    ],
  ];
  it('is the newest row of each entity that is visible at asOf, with its missing values', () =>
    withDatabase(async (database, folder) => {
      const file = await writeRows(database, late[1], `${folder}/a`);
      const asOf = '1970-01-01T00:01:00Z';
      await latestRows(database, { view: viewOf(late[0]), files: [file], asOf, into: 'latest' });
      expect(await database.rows('SELECT * FROM latest ORDER BY k0')).toEqual([
        {
          k0: 'a',
          k1: 1n,
          event_at: new Date(20_000),
          available_at: new Date(20_000),
          tie: '000000000001',
          f0: null,
          f1: 'p',
        },
        {
          k0: 'b',
          k1: 1n,
          event_at: new Date(50_000),
          available_at: new Date(50_000),
          tie: '000000000005',
          f0: 6n,
          f1: 'p',
        },
      ]);
    }));

  it('of windows are the rows that count at asOf or later, oldest first', () =>
    withDatabase(async (database, folder) => {
      const file = await writeRows(database, [...late[1], row(-700, 9)], `${folder}/a`);
      const rows = await database.rows<{ c0: bigint | null }>(
        windowRowsSql(viewOf(late[0], [count]), [file]),
        ['1970-01-01T00:01:00Z'],
      );
      expect(rows.map(({ c0 }) => c0)).toEqual([1n, 3n, null, 6n]);
    }));
});

describe('a sum', () => {
  it.each([0, 30])(
    'is exact where doubles of one size hide the others, with %d pairs per row',
    (maxPairsPerRow) =>
      withDatabase(async (database, folder) => {
        await database.run(
          `COPY (SELECT 'a' AS driver, 1::BIGINT AS zone, make_timestamptz(range * 1000000) AS happened_at, make_timestamptz(0) AS _available_at, [1e16, 1.0, -1e16][range + 1]::DOUBLE AS x FROM range(3)) TO '${folder}/a' (FORMAT parquet)`,
        );
        const total = {
          name: 't',
          type: 'number' as const,
          column: 'x',
          columnType: 'number' as const,
          windowSeconds: 600,
          hopSeconds: 60,
          sensitive: false,
        };
        const aggregations = [
          { ...total, function: 'sum' as const },
          { ...total, name: 'm', function: 'mean' as const },
        ];
        const view: ViewOfRows = { ...viewOf({ delay: 0 }), features: [], aggregations };
        const features = aggregations.map(({ name, type }) => ({ name, type, sensitive: false, as: name }));
        await retrieveFeatures(database, {
          entityRows: {
            relation: `(SELECT 'a' AS driver, 1 AS zone, '1970-01-01T00:01:00Z' AS happened)`,
            eventTimestamp: 'happened',
          },
          views: [
            {
              pinned: {
                view: 'v',
                version: 1,
                joinKeys: view.joinKeys,
                store: 'dynamodb',
                features,
                aggregations,
              },
              definition: view,
              files: [{ path: `${folder}/a`, format: 'parquet' }],
            },
          ],
          asOf: '2030-01-01T00:00:00Z',
          into: 'answers',
          maxPairsPerRow,
        });
        expect(await database.rows('SELECT t, m FROM answers')).toEqual([{ t: 1, m: 1 / 3 }]);
      }),
  );
});
