import type { ProjectDefinition } from '#services/projects/contract.ts';
import { type DataFile, relationSql, textOf } from '#shared/data-files/relation.ts';
import { sourceColumns } from '#shared/data-files/source-columns.ts';
import { sqlType, typedValue } from '#shared/duckdb/column-types.ts';
import { type DuckDb, quoteName, quoteText } from '#shared/duckdb/duckdb.ts';
import { availableAtColumn } from '../contract.ts';
import type { RowCheck } from '../domain/checks.ts';
import { failureCondition } from './row-conditions.ts';

/** An object of the version on local disk, ready to be read. */
export interface ObjectFile extends Omit<DataFile, 'columns'> {
  readonly sha256: string;
  readonly availableAt: string;
}

export interface VersionRows {
  readonly files: readonly ObjectFile[];
  readonly definition: ProjectDefinition;
  readonly checks: readonly RowCheck[];
}

export interface RowCounts {
  readonly rows: number;
  readonly validRows: number;
  readonly failingRows: readonly number[];
}

/**
 * Loads every declared column of every row as text (`t0`, `t1`, … in the order of the definition; undeclared columns are left
 * out, absent ones are NULL) and marks each row with the numbers of the checks that it fails, in table `checked`.
 */
export async function checkRows(database: DuckDb, version: VersionRows): Promise<RowCounts> {
  const names = Object.keys(version.definition.data.columns);
  const columns = names.map((_, index) => `t${index} VARCHAR`).join(', ');
  await database.run(`CREATE TABLE source (_object INTEGER, _row BIGINT, ${columns})`);
  for (const [index, file] of version.files.entries()) {
    await database.run(
      `INSERT INTO source SELECT ${index}, row_number() OVER (), ${await textColumns(database, file, names)}`,
    );
  }
  const failures = version.checks.map((check, index) => {
    const text = `t${names.indexOf(check.column)}`;
    return `CASE WHEN ${failureCondition(check, text, '_object')} THEN ${index} END`;
  });
  await database.run(
    `CREATE TABLE checked AS SELECT *, list_filter([${failures.join(', ')}]::INTEGER[], lambda failed: failed IS NOT NULL) AS _failed FROM source`,
  );
  await database.run('DROP TABLE source');
  return countRows(database, version.checks.length);
}

async function textColumns(database: DuckDb, file: ObjectFile, names: readonly string[]): Promise<string> {
  const columns = (await sourceColumns(database, file)).map(({ name }) => name);
  const present = new Set([...columns, ...Object.keys(file.partition ?? {})]);
  const texts = names.map((name) => (present.has(name) ? textOf(name) : 'NULL'));
  return `${texts.join(', ')} FROM ${relationSql({ ...file, columns })}`;
}

async function countRows(database: DuckDb, checks: number): Promise<RowCounts> {
  const [total] = await database.rows<{ rows: bigint; valid: bigint }>(
    'SELECT count(*) AS "rows", count(*) FILTER (len(_failed) = 0) AS valid FROM checked',
  );
  const perCheck = await database.rows<{ failed: number; rows: bigint }>(
    'SELECT failed, count(*) AS "rows" FROM (SELECT unnest(_failed) AS failed FROM checked) GROUP BY failed',
  );
  const byCheck = new Map(perCheck.map(({ failed, rows }) => [failed, Number(rows)]));
  return {
    rows: Number(total!.rows),
    validRows: Number(total!.valid),
    failingRows: Array.from({ length: checks }, (_, index) => byCheck.get(index) ?? 0),
  };
}

/** Writes the valid rows to a Parquet file, in the order that they were uploaded, each value of its declared type. */
export async function writeValidRows(database: DuckDb, version: VersionRows, path: string): Promise<void> {
  const columns = Object.entries(version.definition.data.columns).map(
    ([name, { type }], index) => `(${typedValue(`t${index}`, type)})::${sqlType[type]} AS ${quoteName(name)}`,
  );
  const availableAt = version.files.map(({ availableAt }) => quoteText(availableAt)).join(', ');
  await writeParquet(
    database,
    `SELECT ${columns.join(', ')}, ([${availableAt}])[_object + 1]::TIMESTAMPTZ AS ${quoteName(availableAtColumn)} FROM checked WHERE len(_failed) = 0`,
    path,
  );
}

/** Writes the rows that failed to a Parquet file: the texts as uploaded, the reasons, and where the row came from (`_object` by hash, `_row` from 1). */
export async function writeQuarantinedRows(
  database: DuckDb,
  version: VersionRows,
  path: string,
): Promise<void> {
  const columns = Object.keys(version.definition.data.columns).map(
    (name, index) => `t${index} AS ${quoteName(name)}`,
  );
  const reasons = version.checks
    .map(({ check, column, expected }) => quoteText(`${check}: ${column} must be ${expected}`))
    .join(', ');
  const objects = version.files.map(({ sha256 }) => quoteText(sha256)).join(', ');
  await writeParquet(
    database,
    `SELECT ${columns.join(', ')}, list_transform(_failed, lambda failed: ([${reasons}])[failed + 1]) AS _reasons, ([${objects}])[_object + 1] AS _object_sha256, _row FROM checked WHERE len(_failed) > 0`,
    path,
  );
}

const writeParquet = (database: DuckDb, rows: string, path: string): Promise<void> =>
  database.run(
    `COPY (${rows} ORDER BY checked._object, checked._row) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd)`,
  );
