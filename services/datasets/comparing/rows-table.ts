import { type DuckDb, quoteName, quoteText } from '#shared/duckdb/duckdb.ts';
import type { PlacedObject } from '../domain/compared-objects.ts';

/** Rows of one object as DuckDB reads them: SQL of a relation of texts, and the columns that it has. */
export interface ObjectRelation {
  readonly sql: string;
  readonly columns: readonly string[];
}

/** What all rows of a comparison are read by. */
export interface RowShape {
  /** Of both versions. */
  readonly columns: readonly string[];
  /** Undefined where rows are compared as a whole. */
  readonly primaryKey: string | undefined;
  readonly missingValues: readonly string[];
}

/** More rows than an object can have: positions of its rows begin at its place times this. */
const rowsPerPlace = 2n ** 40n;

export const valueColumn = (index: number): string => `v${index}`;

/**
 * The table `compared`: a row of any object that matters with its key `k` (`k…` where it has one, `r…` and a digest of its content where it
 * has none), its positions in the order of either version, and its values as text.
 */
export async function createRowsTable(database: DuckDb, { columns }: RowShape): Promise<void> {
  const values = columns.map((_name, index) => `${valueColumn(index)} VARCHAR`).join(', ');
  await database.run(
    `CREATE TABLE compared (k VARCHAR, from_position BIGINT, to_position BIGINT, ${values})`,
  );
}

/** Adds an object's rows; with `onlyKeysOf`, those whose key that table has. */
export async function addRows(
  database: DuckDb,
  shape: RowShape,
  relation: ObjectRelation,
  places: { readonly from?: PlacedObject; readonly to?: PlacedObject; readonly onlyKeysOf?: string },
): Promise<void> {
  const position = (placed: PlacedObject | undefined) =>
    placed ? `${BigInt(placed.place) * rowsPerPlace} + position` : 'NULL';
  const values = shape.columns.map((_name, index) => valueColumn(index)).join(', ');
  const filter = places.onlyKeysOf ? ` WHERE k IN (SELECT k FROM ${places.onlyKeysOf})` : '';
  await database.run(
    `INSERT INTO compared SELECT k, ${position(places.from)}, ${position(places.to)}, ${values} FROM (${keyedRows(shape, relation)})${filter}`,
  );
}

/** SQL of an object's rows with `k`, `position` in the object, and the values of all columns; missing values are NULL. */
export function keyedRows(shape: RowShape, relation: ObjectRelation): string {
  const present = new Set(relation.columns);
  const textOf = (name: string) =>
    present.has(name) ? asValue(quoteName(name), shape.missingValues) : 'NULL';
  const values = shape.columns.map((name, index) => `${textOf(name)} AS ${valueColumn(index)}`).join(', ');
  return `SELECT ${keyOf(shape)} AS k, * FROM (SELECT row_number() OVER () AS position, ${values} FROM ${relation.sql})`;
}

function asValue(text: string, missingValues: readonly string[]): string {
  if (missingValues.length === 0) return `nullif(${text}, '')`;
  return `CASE WHEN ${text} NOT IN ('', ${missingValues.map(quoteText).join(', ')}) THEN ${text} END`;
}

function keyOf({ columns, primaryKey }: RowShape): string {
  const all = columns.map((_name, index) => valueColumn(index)).join(', ');
  const byContent = `'r' || md5(CAST(to_json([${all}]) AS VARCHAR))`;
  const index = primaryKey === undefined ? -1 : columns.indexOf(primaryKey);
  if (index < 0) return byContent;
  return `CASE WHEN ${valueColumn(index)} IS NULL THEN ${byContent} ELSE 'k' || ${valueColumn(index)} END`;
}
