import type { Column } from '#shared/contracts/parts.ts';
import { columnTypeOf } from '#shared/duckdb/column-types.ts';
import { type DuckDb, quoteName, quoteText } from '#shared/duckdb/duckdb.ts';

type ColumnType = Column['type'];

/** A column that is looked at. */
export interface ProfiledColumn {
  readonly name: string;
  /** As the contract declares it; absent where there is no contract. */
  readonly type?: ColumnType | undefined;
  /** How a timestamp is written where it is not ISO 8601, in strftime's letters. */
  readonly format?: string | undefined;
  readonly sensitive?: boolean | undefined;
  /** SQL of its value over the relation; the column of the same name where absent. */
  readonly value?: string | undefined;
}

/** A column of one batch: `c<place>` of the batch's rows, NULL where the value is missing. */
export interface ColumnSource {
  readonly column: ProfiledColumn;
  /** SQL name in the batch's rows. */
  readonly sql: string;
  /** Whether it is text; else DuckDB knows its type. */
  readonly isText: boolean;
  /** The type that DuckDB knows; string for text. */
  readonly nativeType: ColumnType;
}

/** Columns of a relation, and SQL of its rows with these columns alone. */
export interface Batch {
  readonly sources: readonly ColumnSource[];
  readonly rows: string;
}

/** Reads what DuckDB knows of the columns. `relation` is what may stand after FROM; texts of `missingValues` become NULL. */
export async function openBatch(
  database: DuckDb,
  relation: string,
  columns: readonly ProfiledColumn[],
  missingValues: readonly string[],
): Promise<Batch> {
  const values = columns.map(({ name, value }) => value ?? quoteName(name));
  const described = await database.rows<{ column_type: string }>(
    `DESCRIBE SELECT ${values.map((value, place) => `${value} AS c${place}`).join(', ')} FROM ${relation}`,
  );
  const isText = described.map(({ column_type: type }) => !isScalar(type));
  const sources = columns.map((column, place) => ({
    column,
    sql: `c${place}`,
    isText: isText[place]!,
    nativeType: isText[place] ? ('string' as const) : columnTypeOf(described[place]!.column_type),
  }));
  const missing = missingValues.map(quoteText).join(', ');
  const selected = values.map((value, place) => {
    if (!isText[place]) return `${value} AS c${place}`;
    const text = `CAST(${value} AS VARCHAR)`;
    return missing === ''
      ? `nullif(${text}, '') AS c${place}`
      : `CASE WHEN ${text} NOT IN ('', ${missing}) THEN ${text} END AS c${place}`;
  });
  return { sources, rows: `(SELECT ${selected.join(', ')} FROM ${relation})` };
}

/** Nested, binary and other types are looked at as the text that DuckDB writes. */
const isScalar = (type: string): boolean => type !== 'VARCHAR' && columnTypeOf(type) !== 'string';
