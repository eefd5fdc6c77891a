import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** Where the files of one size lie. */
export interface DataFiles {
  readonly rows: number;
  readonly csv: string;
  readonly parquet: string;
  /** The branches that `branch` refers to, as validated rows. */
  readonly branches: string;
}

/** Rows that break a rule: one in 50,000 has the key of the row before, one in 2,000 an impossible age, and so on. */
const columns = `
  'C' || lpad(CAST(CASE WHEN i % 50000 = 7 THEN i - 1 ELSE i END AS VARCHAR), 9, '0') AS id,
  TIMESTAMP '2026-01-01' + INTERVAL (i % 2592000) SECOND AS opened_at,
  CAST(hash(i * 3) % 80 + 18 AS BIGINT) + CASE WHEN i % 2000 = 3 THEN 200 ELSE 0 END AS age,
  CASE WHEN i % 5000 = 11 THEN NULL ELSE round((hash(i * 5) % 1000000) / 100.0, 2) END AS income,
  ['DE', 'FR', 'IT', 'ES', 'PL', 'NL'][1 + CAST(hash(i * 7) % 6 AS BIGINT)] AS country,
  CASE WHEN i % 4000 = 5 THEN 'broken' ELSE 'user' || i || '@example.org' END AS email,
  CAST(hash(i * 11) % 1000 AS BIGINT) + CASE WHEN i % 10000 = 17 THEN 5000 ELSE 0 END AS branch,
  hash(i * 13) % 2 = 0 AS active,
  ['basic', 'plus', 'gold'][1 + CAST(hash(i * 17) % 3 AS BIGINT)] AS plan,
  ${Array.from({ length: 8 }, (_, k) => `round((hash(i * ${19 + k}) % 1000000) / 1000.0, 3) AS f${k}`).join(',\n  ')},
  CAST(hash(i * 31) % 100000 AS BIGINT) AS visits,
  CAST(hash(i * 37) % 100 AS BIGINT) AS score,
  CASE WHEN i % 10 = 0 THEN NULL ELSE 'note ' || (i % 977) END AS note`;

/** How many of the rows break an error rule. */
export const badRows = (rows: number): number => {
  const isBad = (i: number) =>
    i % 50_000 === 7 ||
    i % 50_000 === 6 ||
    i % 2000 === 3 ||
    i % 5000 === 11 ||
    i % 4000 === 5 ||
    i % 10_000 === 17;
  let bad = 0;
  for (let i = 0; i < rows; i += 1) if (isBad(i)) bad += 1;
  return bad;
};

/** Writes a dataset of 20 columns as CSV and as Parquet. */
export async function writeDataFiles(folder: string, rows: number): Promise<DataFiles> {
  const at = (name: string) => path.join(folder, name);
  const files = {
    rows,
    csv: at(`${rows}.csv`),
    parquet: at(`${rows}.parquet`),
    branches: at('branches.parquet'),
  };
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '2GB' });
  const connection = await instance.connect();
  const made = `(SELECT ${columns} FROM range(${rows}) numbers(i))`;
  await connection.run(`COPY ${made} TO '${files.parquet}' (FORMAT parquet)`);
  await connection.run(`COPY (SELECT * FROM '${files.parquet}') TO '${files.csv}' (FORMAT csv, HEADER)`);
  await connection.run(`COPY (SELECT range AS id FROM range(1000)) TO '${files.branches}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return files;
}
