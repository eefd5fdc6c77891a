import type { DuckDBValue } from '@duckdb/node-api';
import { sqlType, typedValue } from '#shared/duckdb/column-types.ts';
import { type DuckDb, quoteName } from '#shared/duckdb/duckdb.ts';
import type { Value } from '#shared/expressions/values.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { FeatureServiceVersion, PinnedExpression } from '../contract.ts';
import { admitted, compiledOnDemand } from '../domain/on-demand.ts';
import { featureColumn } from './retrieve-features.ts';

type Variable = PinnedExpression['variables'][number];
type Service = Pick<FeatureServiceVersion, 'onDemand' | 'views'>;

/** Rows that are in memory at once: enough for one query to cost little, and with a hundred columns of texts still some megabytes. */
const rowsAtOnce = 4096;

/**
 * Adds the features that a service computes to the table of a retrieval (`row` and the columns that `retrieveFeatures` makes), by the
 * functions that compute them online. Members of the request are columns of the entity rows. Throws InvalidEntities (invalid_input) where one is
 * missing, has a value of another type, or has the name of a feature.
 */
export async function addOnDemandColumns(database: DuckDb, table: string, service: Service): Promise<void> {
  const { onDemand } = service;
  if (onDemand.length === 0) return;
  const described = await database.rows<{ column_name: string; column_type: string }>(
    `DESCRIBE ${quoteName(table)}`,
  );
  const types = new Map(described.map(({ column_name, column_type }) => [column_name, column_type]));
  assertFree([...types.keys()], onDemand);
  const sources = sourcesOf(service, types);
  const computed = `${table} computed`;
  const columns = onDemand.map(({ type }, place) => `v${place} ${heldType(type)}`);
  await database.run(`CREATE TABLE ${quoteName(computed)} ("row" BIGINT, ${columns.join(', ')})`);
  for (let last = -1n; ; ) {
    const rows = await database.rows<Record<string, Value>>(
      `SELECT ${['"row"', ...sources.map(({ sql }) => sql)].join(', ')} FROM ${quoteName(table)}
       WHERE "row" > ${last} AND "row" <= ${last + BigInt(rowsAtOnce)} ORDER BY "row"`,
    );
    if (rows.length === 0) break;
    await database.append(computed, [
      rows.map(({ row }) => row as bigint),
      ...computedColumns(onDemand, sources, rows),
    ]);
    last = rows.at(-1)!['row'] as bigint;
  }
  await joinColumns(database, table, computed, onDemand);
}

/** A variable's column in what is read. */
interface Source {
  readonly variable: Variable;
  readonly column: string;
  readonly sql: string;
}

function sourcesOf({ onDemand, views }: Service, types: ReadonlyMap<string, string>): Source[] {
  const variables = new Map(
    onDemand.flatMap(({ variables }) => variables).map((variable) => [variableKey(variable), variable]),
  );
  return [...variables.values()].map((variable, place) => {
    const name = columnOf(variable, views);
    const type = types.get(name);
    if (type === undefined)
      throw invalid(
        `The entity rows have no column '${name}'. Computed features need it, as what the caller sends online.`,
      );
    const value = readSql(quoteName(name), type, variable.type);
    return {
      variable,
      column: `i${place}`,
      sql: `${value} AS i${place}, ${unreadSql(quoteName(name), type, value)} AS u${place}`,
    };
  });
}

const variableKey = ({ type, from }: Variable): string => JSON.stringify([type, from]);

function columnOf({ from }: Variable, views: Service['views']): string {
  if ('request' in from) return from.request;
  const view = views.find((pinned) => pinned.view === from.view)!;
  return featureColumn(view, view.features.find(({ name }) => name === from.feature)!);
}

/** A column's value of the type, timestamps in microseconds and texts after a bar: reading a text drops a leading U+FEFF. */
function readSql(value: string, columnType: string, type: Variable['type']): string {
  const typed = columnType === 'VARCHAR' ? typedValue(value, type) : convertedSql(value, columnType, type);
  if (type === 'string') return `'|' || ${typed}`;
  return type === 'timestamp' ? `epoch_us(${typed})` : typed;
}

const isFraction = (columnType: string): boolean => /^(FLOAT|DOUBLE|DECIMAL.*)$/.test(columnType);

function convertedSql(value: string, columnType: string, type: Variable['type']): string {
  const converted = `TRY_CAST(${value} AS ${sqlType[type]})`;
  return type === 'integer' && isFraction(columnType)
    ? `CASE WHEN ${value} = trunc(${value}) THEN ${converted} END`
    : converted;
}

/** The text of a value that is there and could not be read; NaN stands for a missing number. */
function unreadSql(value: string, columnType: string, read: string): string {
  const isThere = isFraction(columnType) ? `NOT isnan(${value}::DOUBLE)` : `${value} IS NOT NULL`;
  return `CASE WHEN ${isThere} AND (${read}) IS NULL THEN left(CAST(${value} AS VARCHAR), 60) END`;
}

function computedColumns(
  onDemand: readonly PinnedExpression[],
  sources: readonly Source[],
  rows: readonly Record<string, Value>[],
): DuckDBValue[][] {
  const inputs = new Map(
    sources.map(({ variable, column }, place) => [
      variableKey(variable),
      rows.map((row) =>
        inputOf(variable, row[column]!, row[`u${place}`] as string | null, row['row'] as bigint),
      ),
    ]),
  );
  return onDemand.map((feature) => {
    const compute = compiledOnDemand(feature);
    const given = feature.variables.map((variable) => ({
      name: variable.name,
      values: inputs.get(variableKey(variable))!,
    }));
    return rows.map((_row, place) =>
      compute(Object.fromEntries(given.map(({ name, values }) => [name, values[place]!]))),
    );
  });
}

function inputOf(variable: Variable, value: Value, unread: string | null, row: bigint): Value {
  if (unread !== null) {
    const name = 'request' in variable.from ? variable.from.request : variable.from.feature;
    throw invalid(`Entity row ${row + 1n} has '${name}' = '${unread}'; ${variable.type} is expected.`);
  }
  return admitted(variable, typeof value === 'string' ? value.slice(1) : value);
}

const heldType = (type: Variable['type']): string => (type === 'timestamp' ? 'BIGINT' : sqlType[type]);

async function joinColumns(
  database: DuckDb,
  table: string,
  computed: string,
  onDemand: readonly PinnedExpression[],
): Promise<void> {
  const added = onDemand.map(({ as, type }, place) => {
    const value = `computed.v${place}`;
    return `${type === 'timestamp' ? `make_timestamp(${value})::TIMESTAMPTZ` : value} AS ${quoteName(as)}`;
  });
  const joined = `${table} joined`;
  await database.run(
    `CREATE TABLE ${quoteName(joined)} AS SELECT given.*, ${added.join(', ')}
     FROM ${quoteName(table)} given JOIN ${quoteName(computed)} computed ON computed."row" = given."row" ORDER BY given."row"`,
  );
  for (const name of [table, computed]) await database.run(`DROP TABLE ${quoteName(name)}`);
  await database.run(`ALTER TABLE ${quoteName(joined)} RENAME TO ${quoteName(table)}`);
}

/** DuckDB's names are alike whatever their case. */
function assertFree(columns: readonly string[], onDemand: readonly PinnedExpression[]): void {
  const names = new Set(columns.map((name) => name.toLowerCase()));
  const twice = onDemand.find(({ as }) => names.has(as.toLowerCase()));
  if (twice)
    throw invalid(
      `The entity rows have a column '${twice.as}', and a computed feature has that name too. Leave it out, rename it, or ask for full feature names.`,
    );
}

const invalid = (message: string): AppError => new AppError('invalid_input', 'InvalidEntities', message);
