import { join } from 'node:path';
import { retrieveFeatures } from '#services/feature-store/engine/retrieve-features.ts';
import type { SourceFile, ViewOfRows } from '#services/feature-store/engine/source-rows.ts';
import { type DuckDb, quoteText } from '#shared/duckdb/duckdb.ts';
import { microsecondsText } from '#shared/kernel/microseconds.ts';
import type { Answer, Asked, AskedWindow, KnownRow } from './point-in-time.ts';

export const secondsOf = 1_000_000;
export const joinKeys = [
  { name: 'driver', type: 'string' },
  { name: 'zone', type: 'integer' },
] as const;

/** Where rows come from: `delay` names its seconds. */
export type SourceKind = 'upload' | 'column' | { readonly delay: number } | 'stream';

export function sourceOf(kind: SourceKind): ViewOfRows['source'] {
  const name = 'rides';
  if (kind === 'stream') {
    const columns = { driver: 'string', zone: 'integer', x: 'integer', s: 'string' } as const;
    return { type: 'stream', name, columns, eventTimestamp: 'happened_at' };
  }
  const dataset = { type: 'dataset', name, dataset: 'rides', eventTimestamp: 'happened_at' } as const;
  if (kind === 'upload') return dataset;
  return kind === 'column'
    ? { ...dataset, availabilityTimestamp: 'known_from' }
    : { ...dataset, availabilityDelaySeconds: kind.delay };
}

const features = (['x', 's'] as const).map((column) => ({
  name: column,
  column,
  type: column === 'x' ? ('integer' as const) : ('string' as const),
  sensitive: false,
}));

/** A view of the columns x (integer) and s (text), or of windows over them. */
export function viewOf(kind: SourceKind, windows: readonly AskedWindow[] = []): ViewOfRows {
  return {
    joinKeys: [...joinKeys],
    source: sourceOf(kind),
    features: windows.length > 0 ? [] : features,
    aggregations: windows.map(({ column, ...window }) => ({
      ...window,
      ...(column === undefined
        ? {}
        : { column, columnType: column === 's' ? ('string' as const) : ('integer' as const) }),
      type:
        window.function === 'mean'
          ? 'number'
          : window.function === 'last' && column === 's'
            ? 'string'
            : 'integer',
      sensitive: false,
    })),
  };
}

/** Writes rows as the validated Parquet of a dataset has them, in their order. */
export async function writeRows(
  database: DuckDb,
  rows: readonly KnownRow[],
  path: string,
): Promise<SourceFile> {
  const values = rows.map(
    ({ key: [driver, zone], eventAt, availableAt, knownAt, tie, values: { x, s } }) =>
      `(${text(driver)}, ${zone}, ${eventAt}, ${availableAt}, ${knownAt}, ${text(tie)}, ${x ?? 'NULL'}, ${text(s)})`,
  );
  const none = values.length === 0 ? `('', 0, 0, 0, 0, '', 0, '')` : values.join(', ');
  await database.run(
    `COPY (SELECT driver, zone::BIGINT AS zone, make_timestamptz(e::BIGINT) AS happened_at, make_timestamptz(a::BIGINT) AS known_from, x::BIGINT AS x, s::VARCHAR AS s, tie AS _record_id, make_timestamptz(u::BIGINT) AS _available_at
     FROM (VALUES ${none}) given(driver, zone, e, a, u, tie, x, s) WHERE ${values.length > 0}) TO ${quoteText(path)} (FORMAT parquet)`,
  );
  return { path, format: 'parquet' };
}

/** Writes rows as records of a stream land. */
export async function writeRecords(
  database: DuckDb,
  rows: readonly KnownRow[],
  path: string,
): Promise<SourceFile> {
  const lines = rows.map(({ key: [driver, zone], eventAt, knownAt, tie, values }) =>
    JSON.stringify({
      _record_id: tie,
      _available_at: microsecondsText(knownAt),
      happened_at: microsecondsText(eventAt),
      driver,
      zone,
      ...values,
    }),
  );
  const written =
    lines.length === 0
      ? `SELECT '' AS line WHERE false`
      : `SELECT unnest([${lines.map(quoteText).join(', ')}]) AS line`;
  // A delimiter and a quote that no record has: the lines go out as they are.
  await database.run(
    `COPY (${written}) TO ${quoteText(path)} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\u0001')`,
  );
  return { path, format: 'jsonl' };
}

const text = (value: unknown): string =>
  value === null || value === undefined ? 'NULL' : quoteText(String(value));

function askedSql(asked: readonly Asked[]): string {
  const rows = asked.map(({ key: [driver, zone], at }) => `(${text(driver)}, ${zone ?? 'NULL'}, ${at})`);
  return `(SELECT driver::VARCHAR AS driver, zone::BIGINT AS zone, make_timestamptz(t::BIGINT) AS at_time FROM (VALUES ${rows.join(', ')}) given(driver, zone, t))`;
}

/** Writes what is asked about: driver, zone and at_time. */
export const writeAsked = (database: DuckDb, asked: readonly Asked[], path: string): Promise<void> =>
  database.run(`COPY ${askedSql(asked)} TO ${quoteText(path)} (FORMAT parquet)`);

/** Asks a retrieval; answers come in the order of what was asked. */
export async function retrieve(
  database: DuckDb,
  of: {
    readonly asked: readonly Asked[];
    readonly view: ViewOfRows;
    readonly files: readonly SourceFile[];
    readonly asOf: number;
    readonly ttlSeconds?: number;
    readonly knownThen?: boolean;
    readonly rowsAtOnce?: number;
    readonly maxPairsPerRow?: number;
  },
): Promise<Answer[]> {
  const { view, files, asOf, asked, ttlSeconds, rowsAtOnce, maxPairsPerRow } = of;
  const pinnedFeatures = [...view.features, ...view.aggregations].map(({ name, type }) => ({
    name,
    type,
    sensitive: false,
    as: name,
  }));
  await database.run('DROP TABLE IF EXISTS answers');
  await retrieveFeatures(database, {
    entityRows: {
      relation: askedSql(asked),
      eventTimestamp: 'at_time',
      ...(of.knownThen ? { knownAt: 'row' as const } : {}),
    },
    views: [
      {
        pinned: {
          view: 'v',
          version: 1,
          joinKeys: [...joinKeys],
          store: 'dynamodb',
          features: pinnedFeatures,
          aggregations: view.aggregations,
          ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
        },
        definition: view,
        files,
      },
    ],
    asOf: microsecondsText(asOf),
    into: 'answers',
    ...(rowsAtOnce === undefined ? {} : { rowsAtOnce }),
    ...(maxPairsPerRow === undefined ? {} : { maxPairsPerRow }),
  });
  return readAnswers(
    database,
    pinnedFeatures.map(({ name }) => name),
  );
}

async function readAnswers(database: DuckDb, names: readonly string[]): Promise<Answer[]> {
  const answers = await database.rows<Record<string, unknown>>(
    `SELECT "row", __v_status AS status, epoch_us(__v_event_at) AS event_at, ${names.join(', ')} FROM answers ORDER BY "row"`,
  );
  const plain = (value: unknown) => (typeof value === 'bigint' ? Number(value) : value);
  return answers.map((answer) => ({
    status: answer['status'] as Answer['status'],
    eventAt: plain(answer['event_at']) as number | null,
    values: Object.fromEntries(names.map((name) => [name, plain(answer[name]) as number | string | null])),
  }));
}

export const pathIn = (folder: string, name: string): string => join(folder, name);
