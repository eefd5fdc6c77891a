import type { ColumnType } from './expression.ts';

/** An SQL that expressions are written in: DuckDB's, or Trino's, which Athena speaks. */
export type Dialect = 'duckdb' | 'trino';

const types = { number: 'DOUBLE', integer: 'BIGINT', boolean: 'BOOLEAN', string: 'VARCHAR' } as const;

/** What a type is called. */
export const sqlTypes: Readonly<Record<Dialect, Readonly<Record<ColumnType, string>>>> = {
  duckdb: { ...types, timestamp: 'TIMESTAMPTZ' },
  trino: { ...types, timestamp: 'TIMESTAMP(6) WITH TIME ZONE' },
};
