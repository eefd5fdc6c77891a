import type { DuckDb } from '#shared/duckdb/duckdb.ts';
import { quoteText } from '#shared/duckdb/duckdb.ts';
import { type Batch, openBatch, type ProfiledColumn } from '../profile/column-source.ts';

/** Texts that people and programs write where there is no value. */
const known = [
  'NA',
  'N/A',
  'n/a',
  'na',
  '#N/A',
  'NULL',
  'null',
  '(null)',
  'None',
  'none',
  'NaN',
  'nan',
  '-',
  '--',
  '?',
  'unknown',
  'Unknown',
  'missing',
];
/** These may be values as well, such as Namibia and North America. */
export const ambiguous: ReadonlySet<string> = new Set([
  'NA',
  'na',
  'None',
  'none',
  'unknown',
  'Unknown',
  'missing',
]);
const columnsAtOnce = 32;

/** A text in a column that may stand for a missing value. */
export interface MissingCandidate {
  readonly text: string;
  readonly column: string;
  readonly cells: number;
}

export async function findMissingTexts(
  database: DuckDb,
  relation: string,
  columns: readonly ProfiledColumn[],
): Promise<MissingCandidate[]> {
  const found: MissingCandidate[] = [];
  for (let from = 0; from < columns.length; from += columnsAtOnce) {
    const batch = await openBatch(database, relation, columns.slice(from, from + columnsAtOnce), []);
    found.push(...(await countCandidates(database, batch)));
  }
  return found;
}

const texts = known.map(quoteText).join(', ');

async function countCandidates(database: DuckDb, { sources, rows }: Batch): Promise<MissingCandidate[]> {
  const textSources = sources.filter(({ isText }) => isText);
  if (textSources.length === 0) return [];
  const counts = textSources.map(({ sql }) => `count(*) FILTER (${sql} IN (${texts})) AS ${sql}`);
  const [counted] = await database.rows<Record<string, bigint>>(`SELECT ${counts.join(', ')} FROM ${rows}`);
  const queries = textSources
    .filter(({ sql }) => counted![sql]! > 0n)
    .map(
      ({ sql, column }) =>
        `SELECT ${quoteText(column.name)} AS name, ${sql} AS text, count(*) AS cells FROM ${rows} WHERE ${sql} IN (${texts}) GROUP BY text`,
    );
  if (queries.length === 0) return [];
  const cells = await database.rows<{ name: string; text: string; cells: bigint }>(
    queries.join(' UNION ALL '),
  );
  return cells.map(({ name, text, cells }) => ({ text, column: name, cells: Number(cells) }));
}
