import type { DuckDb } from '#shared/duckdb/duckdb.ts';
import { type MeasuredColumn, measuredSql } from './measured-column.ts';
import { numberOf } from './read-values.ts';

const bins = 20;

export interface Histogram {
  readonly edges: number[];
  readonly counts: number[];
}

/** Counts of 20 equally wide bins between the extremes, each without its lower edge but the first; one bin where all values are equal. One pass over `rows`. */
export async function countHistograms(
  database: DuckDb,
  rows: string,
  columns: readonly MeasuredColumn[],
): Promise<(Histogram | undefined)[]> {
  const edges = columns.map(({ measures }) => edgesBetween(measures.least, measures.greatest));
  const wanted = columns.flatMap((column, place) => {
    const number = numberOf(`value${place}`, column.typed.type);
    if (number === undefined || edges[place] === undefined) return [];
    const upper = edges[place]
      .slice(1)
      .map((edge) => `'${edge}'::DOUBLE`)
      .join(', ');
    return [
      {
        place,
        value: `${measuredSql(column)} AS value${place}`,
        counts: `map_values(histogram(${number}, [${upper}])) AS h${place}`,
      },
    ];
  });
  if (wanted.length === 0) return columns.map(() => undefined);
  const inner = `SELECT ${wanted.map(({ value }) => value).join(', ')} FROM ${rows}`;
  const [found] = await database.rows<Record<string, bigint[] | null>>(
    `SELECT ${wanted.map(({ counts }) => counts).join(', ')} FROM (${inner})`,
  );
  return columns.map((_column, place) => {
    const counts = found![`h${place}`]?.map(Number);
    return edges[place] && counts ? { edges: edges[place], counts } : undefined;
  });
}

/** 21 ascending edges; two where 20 bins would be narrower than doubles can tell apart. */
function edgesBetween(least: number | null, greatest: number | null): number[] | undefined {
  if (least === null || greatest === null) return undefined;
  const at = (edge: number) =>
    edge === bins ? greatest : least * (1 - edge / bins) + greatest * (edge / bins);
  const edges = Array.from({ length: bins + 1 }, (_none, edge) => at(edge));
  return edges.every((edge, place) => place === 0 || edge > edges[place - 1]!) ? edges : [least, greatest];
}
