import { availableAtColumn } from '#services/validation/contract.ts';
import { sqlType, typedValue } from '#shared/duckdb/column-types.ts';
import { type DuckDb, quoteName, quoteText } from '#shared/duckdb/duckdb.ts';
import type { FeatureViewVersion } from '../contract.ts';
import { recordColumns } from '../domain/record-values.ts';
import type { ErasedEntities } from '../ports.ts';
import { notErasedSql } from './erased-rows.ts';

/** A local file with rows of a source. */
export interface SourceFile {
  readonly path: string;
  readonly format: 'parquet' | 'jsonl';
  /** Whether the file has a column that hides DuckDB's number of a row: `describeSourceFiles` finds out. */
  readonly hidesRowNumbers?: boolean;
  /** Entities whose rows in it do not count any more; of datasets, which others own. */
  readonly erased?: readonly ErasedEntities[];
  /** Of a stream: only records that came while the view's newest version was one before this. */
  readonly beforeVersion?: number;
}

/** What decides the rows of a view. */
export type ViewOfRows = Pick<FeatureViewVersion, 'joinKeys' | 'source' | 'features' | 'aggregations'>;

type ColumnType = keyof typeof sqlType;

/** SQL expressions over a relation: what a row of a source is. */
export interface SourceExpressions {
  readonly relation: string;
  /** By place in the view's join keys. */
  readonly keys: readonly string[];
  readonly eventAt: string;
  readonly availableAt: string;
  readonly knownAt: string;
  /** Number of a row in its file, where the order in the file tells rows of one instant apart. */
  readonly row?: string;
  /** A text that tells them apart. */
  readonly tie: string;
  /** By place in the view's values. */
  readonly values: readonly string[];
}

/** A column of the source that features are made of. */
export interface ViewValue {
  readonly column: string;
  readonly type: ColumnType;
}

/** The columns of the source that a view's features come from: one per feature, or those that aggregations name, in order of first use. */
export function viewValues({ features, aggregations }: ViewOfRows): readonly ViewValue[] {
  if (aggregations.length === 0) return features.map(({ column, type }) => ({ column, type }));
  const columns = new Map<string, ViewValue>();
  for (const { column, columnType, type } of aggregations)
    if (column !== undefined && !columns.has(column))
      columns.set(column, { column, type: columnType ?? type });
  return [...columns.values()];
}

/** The name of a value in the rows of a view: `f0` of a feature, `c0` of a column that is aggregated. */
export const valueName = ({ aggregations }: ViewOfRows, place: number): string =>
  `${aggregations.length === 0 ? 'f' : 'c'}${place}`;

/** DuckDB's name for the number of a row in a Parquet file; a column of the file that has the name hides it. */
const rowNumberColumn = 'file_row_number';

/** Finds out what about files cannot be known without opening them. */
export async function describeSourceFiles(
  database: DuckDb,
  files: readonly SourceFile[],
): Promise<SourceFile[]> {
  const described: SourceFile[] = [];
  for (const file of files) {
    if (file.format === 'jsonl') described.push(file);
    else {
      const columns = await database.rows<{ name: string }>(
        `SELECT name FROM parquet_schema(${quoteText(file.path)})`,
      );
      const hidesRowNumbers = columns.some(({ name }) => name.toLowerCase() === rowNumberColumn);
      described.push({ ...file, hidesRowNumbers });
    }
  }
  return described;
}

/**
 * A SELECT of the rows of a view, whatever they come from: join keys `k0`, `k1`, … (VARCHAR or BIGINT), `event_at`, `available_at` and `known_at`
 * (TIMESTAMPTZ), `tie` (VARCHAR), and the values `f0`, `f1`, … in the order of the view's features, or, for aggregations, `c0`, `c1`, … as
 * `viewValues` lists them. A row without a join key or without an event time is none. No file: no rows.
 */
export function sourceRowsSql(view: ViewOfRows, files: readonly SourceFile[]): string {
  const selects = sourceParts(view, files).map((part) => {
    const values = part.values.map((sql, place) => `${sql} AS ${valueName(view, place)}`);
    const columns = [
      ...part.keys.map((sql, place) => `${sql} AS k${place}`),
      `${part.eventAt} AS event_at`,
      `${part.availableAt} AS available_at`,
      `${part.knownAt} AS known_at`,
      `${part.tie} AS tie`,
      ...values,
    ];
    return `SELECT ${columns.join(', ')} FROM ${part.relation}`;
  });
  const rows = selects.length === 0 ? noRows(view) : selects.join('\nUNION ALL\n');
  const there = [...view.joinKeys.map((_key, place) => `k${place}`), 'event_at']
    .map((name) => `${name} IS NOT NULL`)
    .join(' AND ');
  return `SELECT * FROM (${rows}) WHERE ${there}${onlyFirstArrivals(view)}`;
}

/** A record that was sent again changes nothing: it would count twice in a window. */
const onlyFirstArrivals = ({ source, aggregations }: ViewOfRows): string =>
  source.type === 'dataset' || aggregations.length === 0
    ? ''
    : ' QUALIFY row_number() OVER (PARTITION BY tie ORDER BY available_at) = 1';

function noRows(view: ViewOfRows): string {
  const columns = [
    ...view.joinKeys.map(({ type }, place) => `CAST(NULL AS ${sqlType[type]}) AS k${place}`),
    ...['event_at', 'available_at', 'known_at'].map((name) => `CAST(NULL AS TIMESTAMPTZ) AS ${name}`),
    'CAST(NULL AS VARCHAR) AS tie',
    ...viewValues(view).map(
      ({ type }, place) => `CAST(NULL AS ${sqlType[type]}) AS ${valueName(view, place)}`,
    ),
  ];
  return `SELECT ${columns.join(', ')} WHERE false`;
}

/** One part per file whose rows are read alike. */
export function sourceParts(view: ViewOfRows, files: readonly SourceFile[]): readonly SourceExpressions[] {
  const { source } = view;
  switch (source.type) {
    case 'dataset':
      return files.map((file, number) =>
        datasetRows(view, source, file, files.length === 1 ? undefined : number),
      );
    case 'stream':
      return files.map((file) => streamRows(view, source, file));
    case 'captures':
      return files.map((file) => captureRows(view, file));
  }
}

type SourceOf<Type> = Extract<ViewOfRows['source'], { type: Type }>;

const cast = (sql: string, type: ColumnType): string => `CAST(${sql} AS ${sqlType[type]})`;

/** Rows of a validated Parquet. `number` is the file's among several. */
function datasetRows(
  view: ViewOfRows,
  source: SourceOf<'dataset'>,
  file: SourceFile,
  number: number | undefined,
): SourceExpressions {
  const eventAt = cast(quoteName(source.eventTimestamp), 'timestamp');
  const knownAt = cast(quoteName(availableAtColumn), 'timestamp');
  const rows = `read_parquet(${quoteText(file.path)})`;
  const ownNumber = quoteName('number of row');
  const row = file.hidesRowNumbers ? ownNumber : rowNumberColumn;
  const tie = `lpad(CAST(${row} AS VARCHAR), 12, '0')`;
  const numbered = file.hidesRowNumbers
    ? `(SELECT *, row_number() OVER () - 1 AS ${ownNumber} FROM ${rows})`
    : rows;
  const notErased = notErasedSql(view, knownAt, file.erased ?? []);
  const columns = file.hidesRowNumbers ? '*' : `*, ${rowNumberColumn}`;
  return {
    relation: notErased === undefined ? numbered : `(SELECT ${columns} FROM ${numbered} WHERE ${notErased})`,
    keys: view.joinKeys.map(({ name, type }) => cast(quoteName(name), type)),
    eventAt,
    availableAt: availabilityOf(source, eventAt, knownAt),
    knownAt,
    row,
    tie: number === undefined ? tie : `'${String(number).padStart(4, '0')}/' || ${tie}`,
    values: viewValues(view).map(({ column, type }) => cast(quoteName(column), type)),
  };
}

function availabilityOf(source: SourceOf<'dataset'>, eventAt: string, knownAt: string): string {
  if (source.availabilityDelaySeconds !== undefined)
    return `make_timestamptz(epoch_us(${eventAt}) + ${source.availabilityDelaySeconds * 1_000_000})`;
  if (source.availabilityTimestamp === undefined) return knownAt;
  // A row that does not say when it became known was known when it was uploaded: later than the truth, never earlier.
  return `coalesce(${cast(quoteName(source.availabilityTimestamp), 'timestamp')}, ${knownAt})`;
}

function streamRows(view: ViewOfRows, source: SourceOf<'stream'>, file: SourceFile): SourceExpressions {
  const { recordId, viewVersion } = recordColumns;
  const names = new Set([
    recordId,
    viewVersion,
    availableAtColumn,
    source.eventTimestamp,
    ...view.joinKeys.map(({ name }) => name),
    ...viewValues(view).map(({ column }) => column),
  ]);
  // As text, so that a value of another type is that one value's failure and not the file's.
  const members = [...names].map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ');
  const absent = [...names].map((name) => `CAST(NULL AS VARCHAR) AS ${quoteName(name)}`).join(', ');
  const relation =
    file.format === 'jsonl'
      ? `read_json(${quoteText(file.path)}, format = 'newline_delimited', columns = {${members}})`
      : // Records that were put together before a version had a column have none.
        `(SELECT * FROM read_parquet(${quoteText(file.path)}) UNION ALL BY NAME SELECT ${absent} WHERE false)`;
  const { beforeVersion } = file;
  const only =
    beforeVersion === undefined ? '' : ` WHERE CAST(${quoteName(viewVersion)} AS BIGINT) < ${beforeVersion}`;
  const typedColumn = (name: string, type: ColumnType) => typedValue(quoteName(name), type);
  const arrivedAt = cast(quoteName(availableAtColumn), 'timestamp');
  return {
    relation: only === '' ? relation : `(SELECT * FROM ${relation}${only})`,
    keys: view.joinKeys.map(({ name, type }) => typedColumn(name, type)),
    eventAt: cast(quoteName(source.eventTimestamp), 'timestamp'),
    availableAt: arrivedAt,
    knownAt: arrivedAt,
    tie: quoteName(recordId),
    values: viewValues(view).map(({ column, type }) => typedColumn(column, type)),
  };
}

/** Rows of captured predictions: what the model was asked about the entities whose keys were sent along. */
function captureRows(view: ViewOfRows, file: SourceFile): SourceExpressions {
  const at = `CAST("at" AS TIMESTAMPTZ)`;
  const own: Readonly<Record<string, string>> = {
    inference_id: '"inferenceId"',
    model_version: 'CAST("modelVersion" AS VARCHAR)',
    prediction: `"prediction" ->> '$.value'`,
  };
  const member = (object: string, name: string) =>
    `("${object}" ->> ${quoteText(`$.${object === 'served' ? 'joinKeys.' : ''}${quoteJson(name)}`)})`;
  return {
    relation: `read_json(${quoteText(file.path)}, format = 'newline_delimited', columns = {inferenceId: 'VARCHAR', modelVersion: 'BIGINT', "at": 'VARCHAR', features: 'JSON', prediction: 'JSON', served: 'JSON'})`,
    keys: view.joinKeys.map(({ name, type }) => typedValue(own[name] ?? member('served', name), type)),
    eventAt: at,
    availableAt: at,
    knownAt: at,
    tie: own['inference_id']!,
    values: viewValues(view).map(({ column, type }) =>
      typedValue(own[column] ?? member('features', column), type),
    ),
  };
}

/** A member's name as a JSON path writes it. */
const quoteJson = (name: string): string => `"${name.replaceAll('"', '\\"')}"`;
