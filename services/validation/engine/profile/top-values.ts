import type { DuckDb } from '#shared/duckdb/duckdb.ts';
import { type MeasuredColumn, measuredSql } from './measured-column.ts';
import { textOfValue } from './read-values.ts';

const maxTopValues = 20;
/** Up to about so many distinct values all of them are counted; above, those that are frequent in the sample. */
const maxCounted = 20_000;
/** A value that comes less often in the sample is not among the frequent ones. */
const minSampleCount = 3;
const columnsAtOnce = 16;

export interface TopValues {
  /** Most frequent first, then in the order of their text; counts are of all rows. */
  readonly top: { readonly value: string; readonly count: number }[];
  /** How many there are, where all were counted. */
  readonly distinct?: number;
}

/** The most frequent values of each column; none of a column where hardly a value comes twice. */
export async function countTopValues(
  database: DuckDb,
  rows: { readonly all: string; readonly sample: string },
  columns: readonly MeasuredColumn[],
): Promise<TopValues[]> {
  const found = columns.map((): Row[] => []);
  for (let from = 0; from < columns.length; from += columnsAtOnce) {
    const queries = columns
      .slice(from, from + columnsAtOnce)
      .map((column, index) => `SELECT ${from + index} AS place, * FROM (${topQuery(column, rows)})`);
    for (const row of await database.rows<Row>(queries.join(' UNION ALL '))) found[row.place]!.push(row);
  }
  return found.map((values, place) => ({
    top: values
      .map(({ text, times }) => ({ value: text, count: Number(times) }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)),
    ...(isCounted(columns[place]!) ? { distinct: Number(values[0]?.distinct_values ?? 0) } : {}),
  }));
}

interface Row {
  readonly place: number;
  readonly text: string;
  readonly times: bigint;
  readonly distinct_values: bigint;
}

const isCounted = ({ measures }: MeasuredColumn): boolean => measures.distinct <= maxCounted;

function topQuery(column: MeasuredColumn, { all, sample }: { all: string; sample: string }): string {
  const counted = (of: string, condition: string) =>
    `SELECT v, count(*) AS times FROM (SELECT ${measuredSql(column)} AS v FROM ${of}) WHERE ${condition} GROUP BY v`;
  const frequent = `SELECT v FROM (${counted(sample, 'v IS NOT NULL')}) WHERE times >= ${minSampleCount} ORDER BY times DESC, v LIMIT ${maxTopValues}`;
  const groups = counted(all, isCounted(column) ? 'v IS NOT NULL' : `v IN (${frequent})`);
  return `SELECT ${textOfValue('v', column.typed.type)} AS text, times, distinct_values FROM (SELECT v, times, count(*) OVER () AS distinct_values FROM (${groups}) ORDER BY times DESC, v LIMIT ${maxTopValues})`;
}
