import { sqlType, typedValue } from '#shared/duckdb/column-types.ts';
import { type DuckDb, quoteName } from '#shared/duckdb/duckdb.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { JoinKey } from '../contract.ts';

/** What is asked about: a table or `(SELECT …)`, and the column that says at which time. */
export interface AskedRows {
  readonly relation: string;
  readonly eventTimestamp: string;
  /** row: only what the platform knew at a row's own time counts for it, besides what was known at `asOf`. */
  readonly knownAt?: 'row';
}

/** Entity rows in a table: `row` (their order, from 0), their own columns, the time `__at`, and a column per join key. */
export interface NumberedRows {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: number;
  /** The column of the table that holds a join key, of the key's type. */
  readonly keyColumn: (key: JoinKey) => string;
  /** Whether the platform must have known a source row at an entity row's own time. */
  readonly knownThen: boolean;
}

/**
 * Numbers entity rows in their order and reads their times and keys. Throws InvalidEntities (invalid_input) for a column that is
 * missing or has a taken name, a time that is none, and a key of another type. A missing key is no error: nothing is found for it.
 */
export async function numberEntityRows(
  database: DuckDb,
  asked: AskedRows,
  joinKeys: readonly JoinKey[],
  taken: readonly string[],
  table: string,
): Promise<NumberedRows> {
  const described = await database.rows<{ column_name: string; column_type: string }>(
    `DESCRIBE SELECT * FROM ${asked.relation}`,
  );
  const columns = described.map(({ column_name }) => column_name);
  const typeOf = new Map(described.map(({ column_name, column_type }) => [column_name, column_type]));
  assertColumns(columns, [asked.eventTimestamp, ...joinKeys.map(({ name }) => name)], taken);
  const keys = [...new Map(joinKeys.map((key) => [`${key.name} ${key.type}`, key])).values()];
  const keyColumn = ({ name, type }: JoinKey) =>
    `__k${keys.findIndex((key) => key.name === name && key.type === type)}`;
  const keySql = keys.map(
    (key) => `${keyValue(quoteName(key.name), typeOf.get(key.name)!, key.type)} AS ${keyColumn(key)}`,
  );
  const at = instantValue(quoteName(asked.eventTimestamp), typeOf.get(asked.eventTimestamp)!);
  await database.run(
    `CREATE TABLE ${quoteName(table)} AS SELECT row_number() OVER () - 1 AS "row", *, ${[`${at} AS __at`, ...keySql].join(', ')} FROM ${asked.relation}`,
  );
  await assertValues(database, table, asked.eventTimestamp, keys, keyColumn);
  const [{ rows } = { rows: 0n }] = await database.rows<{ rows: bigint }>(
    `SELECT count(*) AS "rows" FROM ${quoteName(table)}`,
  );
  return { table, columns, rows: Number(rows), keyColumn, knownThen: asked.knownAt === 'row' };
}

function assertColumns(
  columns: readonly string[],
  needed: readonly string[],
  taken: readonly string[],
): void {
  const missing = needed.filter((name) => !columns.includes(name));
  if (missing.length > 0)
    throw invalid(
      `The entity rows have no column ${missing.map((name) => `'${name}'`).join(' and ')}. They have ${columns.slice(0, 20).join(', ')}; the join keys of the views and the event timestamp are needed.`,
    );
  // DuckDB's names are alike whatever their case.
  const names = new Set(taken.map((name) => name.toLowerCase()));
  const twice = columns.find((name) => names.has(name.toLowerCase()) || /^__(at|k\d+)$/i.test(name));
  if (twice !== undefined)
    throw invalid(
      `The entity rows have a column '${twice}', and a column of the answer has that name too. Leave it out, rename it, or ask for full feature names.`,
    );
}

/** The first row whose time or key cannot be read. */
async function assertValues(
  database: DuckDb,
  table: string,
  eventTimestamp: string,
  keys: readonly JoinKey[],
  keyColumn: NumberedRows['keyColumn'],
): Promise<void> {
  const wrong = [
    { name: eventTimestamp, expected: 'a time such as 2026-11-28T09:08:16Z', when: '__at IS NULL' },
    ...keys.map((key) => ({
      name: key.name,
      expected: key.type === 'integer' ? 'a whole number' : 'a text',
      when: `${keyColumn(key)} IS NULL AND ${quoteName(key.name)} IS NOT NULL`,
    })),
  ];
  for (const { name, expected, when } of wrong) {
    const [first] = await database.rows<{ row: bigint; value: string | null }>(
      `SELECT "row", CAST(${quoteName(name)} AS VARCHAR) AS value FROM ${quoteName(table)} WHERE ${when} ORDER BY "row" LIMIT 1`,
    );
    if (first)
      throw invalid(
        `Entity row ${first.row + 1n} has '${name}' = ${first.value === null ? 'nothing' : `'${first.value.slice(0, 60)}'`}; ${expected} is expected.`,
      );
  }
}

const invalid = (message: string): AppError => new AppError('invalid_input', 'InvalidEntities', message);

function instantValue(value: string, type: string): string {
  return type === 'VARCHAR' ? typedValue(value, 'timestamp') : `TRY_CAST(${value} AS TIMESTAMPTZ)`;
}

/** Tables of other programs hold whole numbers as doubles where one is missing. */
function keyValue(value: string, type: string, keyType: JoinKey['type']): string {
  const isFraction = /^(FLOAT|DOUBLE|DECIMAL.*)$/.test(type);
  const whole = `CASE WHEN ${value} = trunc(${value}) THEN TRY_CAST(${value} AS BIGINT) END`;
  if (keyType === 'string')
    return isFraction
      ? `coalesce(CAST(${whole} AS VARCHAR), CAST(${value} AS VARCHAR))`
      : `CAST(${value} AS VARCHAR)`;
  if (type === 'VARCHAR') return typedValue(value, 'integer');
  return isFraction ? whole : `TRY_CAST(${value} AS ${sqlType.integer})`;
}
