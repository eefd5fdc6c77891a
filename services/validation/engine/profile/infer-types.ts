import type { Column } from '#shared/contracts/parts.ts';
import type { DuckDb } from '#shared/duckdb/duckdb.ts';
import type { ColumnSource } from './column-source.ts';
import { inferredValue } from './read-values.ts';

type ColumnType = Column['type'];

/** From narrow to wide; 0 and 1 alone are integers, a mix of them with true and false is boolean. */
const candidates = ['integer', 'number', 'boolean', 'timestamp'] as const;

/**
 * The narrowest type that every value has, for each text source, in one pass over `rows`; the known type for others. Undefined
 * where there is no value.
 */
export async function inferTypes(
  database: DuckDb,
  rows: string,
  sources: readonly ColumnSource[],
): Promise<(ColumnType | undefined)[]> {
  const texts = sources.filter(({ isText }) => isText);
  if (texts.length === 0) return sources.map(({ nativeType }) => nativeType);
  const counts = texts.flatMap(({ sql }) => [
    `count(${sql})`,
    ...candidates.map((type) => `count(${inferredValue(sql, type)})`),
  ]);
  const [counted] = await database.rows<Record<string, bigint>>(
    `SELECT ${counts.map((count, place) => `${count} AS n${place}`).join(', ')} FROM ${rows}`,
  );
  const typeOf = new Map<ColumnSource, ColumnType | undefined>(
    texts.map((source, place) => {
      const at = (offset: number) => Number(counted![`n${place * (candidates.length + 1) + offset}`]);
      const type = candidates.find((_type, index) => at(index + 1) === at(0)) ?? 'string';
      return [source, at(0) === 0 ? undefined : type];
    }),
  );
  return sources.map((source) => (source.isText ? typeOf.get(source) : source.nativeType));
}
