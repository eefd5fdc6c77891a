import { type DuckDb, quoteName } from '#shared/duckdb/duckdb.ts';
import { type SourceFile, sourceParts, sourceRowsSql, type ViewOfRows, valueName } from './source-rows.ts';

/**
 * The rows of a view, each with a number that leads back to it: what decides a point-in-time join is few bytes per row, and values are
 * fetched of the rows that won. Of two rows of one instant the one of the greater number is the newer.
 */
export interface LocatedRows {
  /** SELECTs of `r` (the number), `k0`, …, `event_at`, `available_at`, `known_at` and all values; what is not used is not read. */
  readonly selects: readonly string[];
  /** A type that holds the number. */
  readonly numberType: 'UINTEGER' | 'BIGINT';
  /** Removes what was staged. */
  drop(): Promise<void>;
}

/** The number of a file is above those of its rows. */
const bitsOfRow = 40;

/** Rows of a dataset stay in their files; records and captures, whose order is that of their ids, are put in the table `staging`. */
export async function locateRows(
  database: DuckDb,
  view: ViewOfRows,
  files: readonly SourceFile[],
  staging: string,
): Promise<LocatedRows> {
  if (view.source.type !== 'dataset' || files.length === 0) return stageRows(database, view, files, staging);
  const selects = sourceParts(view, files).map((part, number) => {
    const r = files.length === 1 ? part.row! : `${BigInt(number) << BigInt(bitsOfRow)} + ${part.row!}`;
    const columns = [
      `${r} AS r`,
      ...part.keys.map((sql, place) => `${sql} AS k${place}`),
      `${part.eventAt} AS event_at`,
      `${part.availableAt} AS available_at`,
      `${part.knownAt} AS known_at`,
      ...part.values.map((sql, place) => `${sql} AS ${valueName(view, place)}`),
    ];
    return `SELECT ${columns.join(', ')} FROM ${part.relation}`;
  });
  return {
    selects,
    numberType: files.length === 1 ? 'UINTEGER' : 'BIGINT',
    drop: async () => undefined,
  };
}

async function stageRows(
  database: DuckDb,
  view: ViewOfRows,
  files: readonly SourceFile[],
  staging: string,
): Promise<LocatedRows> {
  const table = quoteName(staging);
  await database.run(
    `CREATE TABLE ${table} AS SELECT row_number() OVER (ORDER BY tie) - 1 AS r, * EXCLUDE (tie) FROM (${sourceRowsSql(view, files)})`,
  );
  return {
    selects: [`SELECT * FROM ${table}`],
    numberType: 'UINTEGER',
    drop: () => database.run(`DROP TABLE ${table}`),
  };
}
