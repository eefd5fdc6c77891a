import type { DuckDb } from '#shared/duckdb/duckdb.ts';
import { type RowShape, valueColumn } from './rows-table.ts';

export interface RowExample {
  readonly change: 'added' | 'removed' | 'changed';
  /** Null where the row has none. */
  readonly key: string | null;
  readonly values: Readonly<Record<string, { readonly from: string | null; readonly to: string | null }>>;
}

/** What differs between the rows of two versions. */
export interface RowChanges {
  readonly rowsAdded: number;
  readonly rowsRemoved: number;
  readonly rowsChanged: number;
  readonly rowsUnchanged: number;
  readonly changedValues: Record<string, number>;
  readonly examples: readonly RowExample[];
}

const maxExamples = 20;
const maxExampleColumns = 50;

/** Compares the newest rows of every key in `compared`. */
export async function compareByKey(database: DuckDb, shape: RowShape): Promise<RowChanges> {
  await database.run(`CREATE TABLE pairs AS
    SELECT k, max(from_position) AS from_position, max(to_position) AS to_position FROM compared GROUP BY k`);
  const differs = shape.columns.map((_name, index) => {
    const column = valueColumn(index);
    return `f.${column} IS DISTINCT FROM t.${column}`;
  });
  const flags = differs.map((condition, index) => `${condition} AS d${index}`).join(', ');
  await database.run(`CREATE TABLE changed AS
    SELECT pairs.*, ${flags} FROM pairs
    JOIN compared f ON f.from_position = pairs.from_position
    JOIN compared t ON t.to_position = pairs.to_position
    WHERE f.to_position IS DISTINCT FROM t.to_position AND (${differs.join(' OR ')})`);
  const [counts] = await database.rows<Record<'added' | 'removed' | 'both', bigint>>(`SELECT
    count(*) FILTER (from_position IS NULL) AS added, count(*) FILTER (to_position IS NULL) AS removed,
    count(*) FILTER (from_position IS NOT NULL AND to_position IS NOT NULL) AS both FROM pairs`);
  const [byColumn] = await database.rows<Record<string, bigint>>(
    `SELECT count(*) AS rows, ${shape.columns.map((_name, index) => `count(*) FILTER (d${index}) AS d${index}`).join(', ')} FROM changed`,
  );
  const rowsChanged = Number(byColumn!['rows']);
  return {
    rowsAdded: Number(counts!.added),
    rowsRemoved: Number(counts!.removed),
    rowsChanged,
    rowsUnchanged: Number(counts!.both) - rowsChanged,
    changedValues: Object.fromEntries(
      shape.columns.flatMap((name, index) => {
        const count = Number(byColumn![`d${index}`]);
        return count > 0 ? [[name, count]] : [];
      }),
    ),
    examples: [
      ...(await examplesOf(database, shape, 'added', 'SELECT * FROM pairs WHERE from_position IS NULL')),
      ...(await examplesOf(database, shape, 'removed', 'SELECT * FROM pairs WHERE to_position IS NULL')),
      ...(await examplesOf(database, shape, 'changed', 'SELECT * FROM changed')),
    ],
  };
}

/** Compares how often each row is on either side of `compared`. */
export async function compareWholeRows(database: DuckDb, shape: RowShape): Promise<RowChanges> {
  await database.run(`CREATE TABLE pairs AS
    SELECT k, count(from_position) AS before, count(to_position) AS after,
      max(from_position) AS from_position, max(to_position) AS to_position FROM compared GROUP BY k`);
  const [counts] = await database.rows<Record<'added' | 'removed' | 'same', bigint>>(`SELECT
    CAST(coalesce(sum(greatest(after - before, 0)), 0) AS BIGINT) AS added,
    CAST(coalesce(sum(greatest(before - after, 0)), 0) AS BIGINT) AS removed,
    CAST(coalesce(sum(least(before, after)), 0) AS BIGINT) AS same FROM pairs`);
  return {
    rowsAdded: Number(counts!.added),
    rowsRemoved: Number(counts!.removed),
    rowsChanged: 0,
    rowsUnchanged: Number(counts!.same),
    changedValues: {},
    examples: [
      ...(await examplesOf(database, shape, 'added', 'SELECT * FROM pairs WHERE after > before')),
      ...(await examplesOf(database, shape, 'removed', 'SELECT * FROM pairs WHERE before > after')),
    ],
  };
}

type Side = Readonly<Record<string, string | null>>;

/** The first rows by key: the same ones however often a diff is computed. */
async function examplesOf(
  database: DuckDb,
  shape: RowShape,
  change: RowExample['change'],
  from: string,
): Promise<RowExample[]> {
  const selected = await database.rows<{
    k: string;
    from_position: bigint | null;
    to_position: bigint | null;
  }>(`SELECT k, from_position, to_position FROM (${from}) ORDER BY k LIMIT ${maxExamples}`);
  const examples: RowExample[] = [];
  for (const { k, from_position, to_position } of selected) {
    const [before] = change === 'added' ? [] : await rowAt(database, 'from_position', from_position);
    const [after] = change === 'removed' ? [] : await rowAt(database, 'to_position', to_position);
    examples.push({
      change,
      key: k.startsWith('k') ? k.slice(1) : null,
      values: valuesOf(shape, change, before ?? {}, after ?? {}),
    });
  }
  return examples;
}

const rowAt = (database: DuckDb, side: string, position: bigint | null): Promise<Side[]> =>
  database.rows<Side>(`SELECT * FROM compared WHERE ${side} = ${position} LIMIT 1`);

/** Of a changed row the values that differ, else all that are there. */
function valuesOf(
  { columns }: RowShape,
  change: RowExample['change'],
  before: Side,
  after: Side,
): RowExample['values'] {
  const all = columns.map((name, index) => {
    const column = valueColumn(index);
    return [name, { from: before[column] ?? null, to: after[column] ?? null }] as const;
  });
  const shown = all.filter(([, { from, to }]) =>
    change === 'changed' ? from !== to : from !== null || to !== null,
  );
  return Object.fromEntries(shown.slice(0, maxExampleColumns));
}
