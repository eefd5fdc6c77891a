import { join } from 'node:path';
import { type DuckDBConnection, DuckDBDataChunk, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';

/** A database that lives as long as one piece of work. Values are bound (`$1`, …); names go through `quoteName`. */
export interface DuckDb {
  run(sql: string, values?: readonly DuckDBValue[]): Promise<void>;
  /** Rows as objects by column name: integers of 64 bits are `bigint`, missing values `null`. The row type is the caller's promise. */
  rows<Row>(sql: string, values?: readonly DuckDBValue[]): Promise<Row[]>;
  /** Adds rows to a table: a list per column, in the table's order, all equally long. The values have the columns' types. */
  append(table: string, columns: readonly (readonly DuckDBValue[])[]): Promise<void>;
}

/** The share of a function's memory that DuckDB may take; the rest is for Node.js and what DuckDB does not count. */
const memoryShare = 0.6;

/**
 * Opens a database in memory that spills into `folder` what does not fit, and closes it after `run`. It sees no file outside of
 * the folder but `readable`, loads no extension and keeps its settings. One thread unless `threads` says more: functions have
 * little more than one core, and with one the rows of a query come in one order.
 */
export async function withDuckDb<Result>(
  place: {
    readonly folder: string;
    readonly functionMemoryMb: number;
    readonly threads?: number;
    /** Paths of files elsewhere that it may read. */
    readonly readable?: readonly string[];
  },
  run: (database: DuckDb) => Promise<Result>,
): Promise<Result> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(place.threads ?? 1),
    memory_limit: `${Math.floor(place.functionMemoryMb * memoryShare)}MB`,
    temp_directory: join(place.folder, 'spill'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  try {
    const connection = await instance.connect();
    try {
      await connection.run("SET TimeZone = 'UTC'");
      await connection.run(`SET allowed_directories = [${quoteText(`${place.folder}/`)}]`);
      const readable = (place.readable ?? []).map(quoteText).join(', ');
      await connection.run(`SET allowed_paths = [${readable}]`);
      await connection.run('SET enable_external_access = false');
      await connection.run('SET lock_configuration = true');
      return await run({
        run: async (sql, values) => void (await connection.run(sql, values as DuckDBValue[] | undefined)),
        rows: async <Row>(sql: string, values?: readonly DuckDBValue[]) =>
          (
            await connection.runAndReadAll(sql, values as DuckDBValue[] | undefined)
          ).getRowObjectsJS() as Row[],
        append: (table, columns) => appendRows(connection, table, columns),
      });
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

/** Most rows of one chunk. */
const chunkRows = 2048;

async function appendRows(
  connection: DuckDBConnection,
  table: string,
  columns: readonly (readonly DuckDBValue[])[],
): Promise<void> {
  const appender = await connection.createAppender(table);
  try {
    const types = columns.map((_column, index) => appender.columnType(index));
    const rows = columns[0]?.length ?? 0;
    for (let first = 0; first < rows; first += chunkRows) {
      const chunk = DuckDBDataChunk.create(types);
      chunk.setColumns(columns.map((column) => column.slice(first, first + chunkRows)));
      appender.appendDataChunk(chunk);
    }
  } finally {
    appender.closeSync();
  }
}

/** A column's or table's name as SQL writes it, whatever characters it has. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text as SQL writes it, for the places where a value cannot be bound (struct members, options). */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
