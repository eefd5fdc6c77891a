import { describe, expect, it } from 'vitest';
import { type DuckDb, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { joinKeys, type SourceKind, sourceOf, viewOf } from '#test/doubles/feature-views.ts';
import { type RetrieveFeatures, retrieveFeatures } from './retrieve-features.ts';

/** A row: driver, event, value, and when it was known: `a` (column), `u` (platform). Times of the first of May 2026 may be short. */
type Row = readonly [driver: string, event: string, x: number | null, known?: string, upload?: string];
interface Case {
  readonly rows: readonly Row[];
  readonly ask: readonly (readonly [driver: string | null, at: string])[];
  readonly source?: SourceKind;
  readonly ttl?: number;
  readonly asOf?: string;
  readonly expected: readonly (number | null | 'EXPIRED' | 'NOT_FOUND')[];
}

const time = (short: string): string => (/^\d\d:/.test(short) ? `2026-05-01T${short}Z` : short);
const quoted = (value: string | null) => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`);

const cases: Readonly<Record<string, Case>> = {
  'the newest row that happened by then': {
    rows: [
      ['a', '10:00:00', 1],
      ['a', '11:00:00', 2],
      ['a', '12:00:00', 3],
    ],
    ask: [
      ['a', '11:30:00'],
      ['a', '11:00:00'],
      ['a', '10:59:59.999999'],
      ['a', '13:00:00'],
    ],
    expected: [2, 2, 1, 3],
  },
  'nothing before the first row, for a missing entity, and for a missing key': {
    rows: [['a', '10:00:00', 1]],
    ask: [
      ['a', '09:59:59.999999'],
      ['b', '11:00:00'],
      [null, '11:00:00'],
    ],
    expected: ['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND'],
  },
  'of rows of one event the one that became known last': {
    rows: [
      ['a', '10:00:00', 1, '10:20:00'],
      ['a', '10:00:00', 2, '10:10:00'],
    ],
    source: 'column',
    ask: [
      ['a', '10:05:00'],
      ['a', '10:15:00'],
      ['a', '10:25:00'],
    ],
    expected: ['NOT_FOUND', 2, 1],
  },
  'of rows that are alike in both times the later in the file': {
    rows: [
      ['a', '10:00:00', 1],
      ['a', '10:00:00', 3],
      ['a', '10:00:00', 2],
    ],
    ask: [['a', '10:00:00']],
    expected: [2],
  },
  'a value until its ttl is over, to the microsecond': {
    rows: [['a', '10:00:00', 1]],
    ttl: 3600,
    ask: [
      ['a', '11:00:00'],
      ['a', '11:00:00.000001'],
      ['a', '10:00:00'],
    ],
    expected: [1, 'EXPIRED', 1],
  },
  'expired where the newest is, whatever became known later about the time before': {
    rows: [
      ['a', '10:00:00', 1],
      ['a', '08:00:00', 2, '11:30:00'],
    ],
    source: 'column',
    ttl: 3600,
    ask: [['a', '11:45:00']],
    expected: ['EXPIRED'],
  },
  'not a row that came late and is older than what was known': {
    rows: [
      ['a', '10:00:00', 1],
      ['a', '09:00:00', 2, '12:00:00'],
      ['a', '11:00:00', 3, '13:00:00'],
    ],
    source: 'column',
    ask: [
      ['a', '11:30:00'],
      ['a', '12:30:00'],
      ['a', '13:30:00'],
    ],
    expected: [1, 1, 3],
  },
  'not a row before its event, though it was announced': {
    rows: [['a', '12:00:00', 1, '09:00:00']],
    source: 'column',
    ask: [
      ['a', '11:59:59'],
      ['a', '12:00:00'],
    ],
    expected: ['NOT_FOUND', 1],
  },
  'a row that does not say when it was known from its upload on': {
    rows: [['a', '10:00:00', 1, 'unknown', '2026-05-01T12:00:00Z']],
    source: 'column',
    ask: [
      ['a', '11:00:00'],
      ['a', '12:00:00'],
    ],
    expected: ['NOT_FOUND', 1],
  },
  'rows from their upload on, where nothing else says it': {
    rows: [
      ['a', '10:00:00', 1, undefined, '2026-05-01T11:00:00Z'],
      ['a', '10:30:00', 2, undefined, '2026-05-01T12:00:00Z'],
    ],
    source: 'upload',
    ask: [
      ['a', '10:45:00'],
      ['a', '11:15:00'],
      ['a', '12:00:00'],
    ],
    expected: ['NOT_FOUND', 1, 2],
  },
  'rows as long after their event as the source says': {
    rows: [
      ['a', '10:00:00', 1],
      ['a', '11:00:00', 2],
    ],
    source: { delay: 900 },
    ask: [
      ['a', '10:14:59.999999'],
      ['a', '10:15:00'],
      ['a', '11:14:00'],
      ['a', '11:15:00'],
    ],
    expected: ['NOT_FOUND', 1, 1, 2],
  },
  'nothing that the platform came to know after asOf': {
    rows: [
      ['a', '10:00:00', 1, undefined, '2026-06-01T00:00:00Z'],
      ['a', '10:00:00', 2, undefined, '2026-06-02T00:00:00Z'],
    ],
    source: { delay: 0 },
    asOf: '2026-06-01T00:00:00Z',
    ask: [['a', '10:30:00']],
    expected: [1],
  },
  'a missing value of the newest row, not an older one': {
    rows: [
      ['a', '10:00:00', 1],
      ['a', '11:00:00', null],
    ],
    ask: [['a', '12:00:00']],
    expected: [null],
  },
  'each of entity rows that are alike, in their order': {
    rows: [
      ['a', '10:00:00', 1],
      ['b', '10:00:00', 2],
    ],
    ask: [
      ['b', '12:00:00'],
      ['a', '12:00:00'],
      ['b', '12:00:00'],
      ['b', '12:00:00'],
    ],
    expected: [2, 1, 2, 2],
  },
  'times in any zone and of any precision': {
    rows: [
      ['a', '2026-05-01T12:00:00.001+02:00', 1],
      ['a', '2026-05-01 10:00:00.001001', 2],
      ['a', '2026-05-02', 3],
    ],
    ask: [
      ['a', '2026-05-01T10:00:00.001Z'],
      ['a', '2026-05-01T05:00:00.001001-05:00'],
      ['a', '2026-05-01T23:59:59.9'],
      ['a', '2026-05-02'],
    ],
    expected: [1, 2, 2, 3],
  },
  'the hours of a night when clocks change apart': {
    rows: [
      ['a', '2026-10-25T02:30:00+02:00', 1],
      ['a', '2026-10-25T02:30:00+01:00', 2],
      ['a', '2026-03-29T03:00:00+02:00', 0],
    ],
    ttl: 86_400,
    ask: [
      ['a', '2026-10-25T02:59:00+02:00'],
      ['a', '2026-10-25T02:29:00+01:00'],
      ['a', '2026-10-25T02:31:00+01:00'],
      ['a', '2026-03-29T01:00:00Z'],
      ['a', '2026-10-26T01:30:00Z'],
    ],
    expected: [1, 1, 2, 0, 2],
  },
};

const view = viewOf('upload');
const pinned = (name: string, of: Partial<RetrieveFeatures['views'][number]['pinned']> = {}) => ({
  view: name,
  version: 1,
  joinKeys: [...joinKeys],
  store: 'dynamodb' as const,
  features: [{ name: 'x', type: 'integer' as const, sensitive: false, as: 'x' }],
  aggregations: [],
  ...of,
});

async function writeFeatureRows(database: DuckDb, rows: readonly Row[], path: string): Promise<void> {
  const values = rows.map(
    ([driver, event, x, known, upload]) =>
      `(${quoted(driver)}, 1::BIGINT, '${time(event)}'::TIMESTAMPTZ, ${known === 'unknown' ? 'NULL' : `'${time(known ?? event)}'::TIMESTAMPTZ`}, ${x ?? 'NULL'}::BIGINT, '${upload ?? '2026-01-01T00:00:00Z'}'::TIMESTAMPTZ)`,
  );
  await database.run(
    `COPY (SELECT * FROM (VALUES ${values.join(', ')}) given(driver, zone, happened_at, known_from, x, _available_at)) TO '${path}' (FORMAT parquet)`,
  );
}

const withDatabase = <Result>(run: (database: DuckDb, path: string) => Promise<Result>) =>
  withScratchFolder((folder) =>
    withDuckDb({ folder, functionMemoryMb: 512 }, (database) => run(database, `${folder}/rows`)),
  );

const entityRows = (rows: readonly string[]) => ({
  relation: `(SELECT * FROM (VALUES ${rows.join(', ')}) given(driver, zone, happened))`,
  eventTimestamp: 'happened',
});

describe('what is answered', () => {
  for (const [
    title,
    { rows, ask, source = 'column', ttl, asOf = '2030-01-01T00:00:00Z', expected },
  ] of Object.entries(cases))
    it(`is ${title}`, () =>
      withDatabase(async (database, path) => {
        await writeFeatureRows(database, rows, path);
        const counts = await retrieveFeatures(database, {
          entityRows: entityRows(ask.map(([driver, at]) => `(${quoted(driver)}, 1, '${time(at)}')`)),
          views: [
            {
              pinned: pinned('v', ttl === undefined ? {} : { ttlSeconds: ttl }),
              definition: { ...view, source: sourceOf(source) },
              files: [{ path, format: 'parquet' }],
            },
          ],
          asOf,
          into: 'answers',
        });
        const answers = await database.rows<{ status: string; x: bigint | null }>(
          'SELECT __v_status AS status, x FROM answers ORDER BY "row"',
        );
        expect(
          answers
            .map(({ status, x }) => (status === 'PRESENT' ? x && Number(x) : x === null ? status : x))
            .map((x) => (x === 0n ? 0 : x)),
        ).toEqual(expected);
        expect(counts).toEqual([
          {
            feature: 'x',
            present: expected.filter((value) => typeof value !== 'string').length,
            nulls: expected.filter((value) => value === null).length,
            expired: expected.filter((value) => value === 'EXPIRED').length,
            notFound: expected.filter((value) => value === 'NOT_FOUND').length,
          },
        ]);
      }));
});

describe('a retrieval', () => {
  const rowsOf = (sql: string) => (database: DuckDb, path: string) =>
    database.run(`COPY (${sql}) TO '${path}' (FORMAT parquet)`);

  it('joins views of other keys and other ttls, and names features that only expressions read', () =>
    withDatabase(async (database, path) => {
      await writeFeatureRows(database, [['a', '10:00:00', 1]], path);
      const zones = `${path}-zones`;
      await rowsOf(
        "SELECT 1::BIGINT AS zone, 7::BIGINT AS x, TIMESTAMPTZ '2026-05-01 09:00:00+00' AS happened_at, TIMESTAMPTZ '2026-05-01 09:00:00+00' AS _available_at",
      )(database, zones);
      const zoneKeys = joinKeys.filter(({ name }) => name === 'zone');
      await retrieveFeatures(database, {
        entityRows: entityRows([
          `('a', 1, '2026-05-01T11:00:00Z')`,
          `('b', 1, '2026-05-01T09:30:00Z')`,
          `('a', NULL, '2026-05-01T11:00:00Z')`,
        ]),
        views: [
          {
            pinned: pinned('drivers'),
            definition: { ...view, source: sourceOf('column') },
            files: [{ path, format: 'parquet' }],
          },
          {
            pinned: pinned('zones', {
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
        pinned: pinned('v', {
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
    withDatabase(async (database) => {
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
    withDatabase(async (database) => {
      await expect(retrieveFeatures(database, retrieval(of))).rejects.toThrow(message);
    }),
  );

  it('reads keys of other types as what they mean', () =>
    withDatabase(async (database, path) => {
      await writeFeatureRows(database, [['7', '10:00:00', 5]], path);
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
    withDatabase(async (database, path) => {
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
