import type { Column } from '#shared/contracts/parts.ts';
import type { DuckDb } from '#shared/duckdb/duckdb.ts';
import { inferrable, inferredTypes } from './inferred-types.ts';

/** Columns that a path names, each with the narrowest type that its value has. */
export async function partitionColumns(
  database: DuckDb,
  partition: Readonly<Record<string, string>> = {},
): Promise<Column[]> {
  const columns: Column[] = [];
  for (const [name, value] of Object.entries(partition)) {
    const [fits] = await database.rows<Record<string, boolean>>(
      `SELECT ${inferredTypes.map((type) => `(${inferrable('$1', type)}) IS NOT NULL AS "${type}"`).join(', ')}`,
      [value],
    );
    columns.push({ name, type: inferredTypes.find((type) => fits![type]) ?? 'string' });
  }
  return columns;
}
