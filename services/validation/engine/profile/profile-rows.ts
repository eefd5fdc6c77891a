import type { Column } from '#shared/contracts/parts.ts';
import type { DuckDb } from '#shared/duckdb/duckdb.ts';
import type { ColumnProfile } from '../../contract.ts';
import { maskProfile } from '../../domain/mask-profile.ts';
import { type Batch, type ColumnSource, openBatch, type ProfiledColumn } from './column-source.ts';
import { countHistograms, type Histogram } from './histograms.ts';
import { inferTypes } from './infer-types.ts';
import { measureColumns, type TypedSource } from './measure-columns.ts';
import type { MeasuredColumn } from './measured-column.ts';
import { estimateQuantiles } from './quantiles.ts';
import { drawSample } from './sample.ts';
import { countTopValues, type TopValues } from './top-values.ts';

export type { ProfiledColumn } from './column-source.ts';

/** Up to so many rows everything is exact; above, distinct values and quantiles are estimates. */
export const maxExactRows = 100_000;
/** Of more rows, quantiles and frequent values are of about so many. */
const sampleRows = 50_000;
/** Of more rows, about so many distinct values are counted by hash. */
const countedDistinct = 32_768;
/** Rows of a sample that a type is guessed from before every row is looked at. */
const guessRows = 2000;
const columnsAtOnce = 32;
/** Of more rows than are looked at exactly: what is kept per column, a few megabytes, then stays in the processor's cache longer, and memory low. */
const columnsOfManyRows = 8;

/**
 * What a relation holds, column by column. `relation` is SQL that may stand after FROM, best a table or Parquet files: each column
 * is read up to four times. Texts of a column without declared type are looked at as values of the narrowest type that all of
 * them have. Counts, extremes, means, histograms and the counts of top values are of all rows; above 100,000 rows,
 * quantiles and which of more than 20,000 distinct values are on top come from a sample, and how many these are from
 * one of 32 of them (standard error below 2 % at a million rows).
 */
export async function profileRows(
  database: DuckDb,
  relation: string,
  columns: readonly ProfiledColumn[],
  options: { readonly missingValues?: readonly string[] } = {},
): Promise<ColumnProfile[]> {
  if (columns.length === 0) return [];
  const [counted] = await database.rows<{ rows: bigint }>(`SELECT count(*) AS "rows" FROM ${relation}`);
  const rows = Number(counted!.rows);
  const profiles: ColumnProfile[] = [];
  const atOnce = rows > maxExactRows ? columnsOfManyRows : columnsAtOnce;
  for (let from = 0; from < columns.length; from += atOnce) {
    const some = columns.slice(from, from + atOnce);
    const batch = await openBatch(database, relation, some, options.missingValues ?? []);
    profiles.push(...(await profileBatch(database, batch, rows)));
  }
  return profiles;
}

async function profileBatch(database: DuckDb, batch: Batch, rows: number): Promise<ColumnProfile[]> {
  const { sources } = batch;
  const sample = await drawSample(database, batch, {
    rows,
    maxRows: rows <= maxExactRows ? rows : sampleRows,
  });
  // A copy of all rows is cheaper to read than what they come from.
  const all = rows <= maxExactRows ? sample : batch.rows;
  const guessed = await inferTypes(database, `(SELECT * FROM ${sample} LIMIT ${guessRows})`, sources);
  const options = {
    distinctShare: rows <= maxExactRows ? 1 : 2 ** Math.ceil(Math.log2(rows / countedDistinct)),
  };
  const guesses = sources.map((source, place) => typedSource(source, guessed[place]));
  const measured = await measureColumns(database, all, guesses, options);
  const wrong = guesses.filter((_guess, place) => {
    const { candidates, values } = measured[place]!;
    return candidates < values || (guessed[place] === undefined && values > 0);
  });
  const mended = await mendGuesses(database, all, wrong, options);
  const found = guesses.map(
    (guess, place) => mended.get(guess) ?? { typed: guess, measures: measured[place]! },
  );
  const shown = found.filter(({ typed }) => typed.source.column.sensitive !== true);
  const quantiles = await estimateQuantiles(database, sample, shown);
  const histograms = await countHistograms(database, all, shown);
  const topValues = await countTopValues(database, { all, sample }, shown);
  await database.run(`DROP TABLE ${sample}`);
  return found.map((one) => {
    const place = shown.indexOf(one);
    const details =
      place < 0
        ? undefined
        : { quantiles: quantiles[place], histogram: histograms[place], topValues: topValues[place]! };
    return profileOf(one, rows, details);
  });
}

const typedSource = (source: ColumnSource, inferred: Column['type'] | undefined): TypedSource => {
  const candidate = inferred ?? 'string';
  return { source, type: source.column.type ?? candidate, candidate };
};

/** Columns of which some rows have other types than the sample's first rows: all tried on all rows, and measured again. */
async function mendGuesses(
  database: DuckDb,
  rows: string,
  wrong: readonly TypedSource[],
  options: { readonly distinctShare: number },
): Promise<Map<TypedSource, MeasuredColumn>> {
  if (wrong.length === 0) return new Map();
  const sources = wrong.map(({ source }) => source);
  const types = await inferTypes(database, rows, sources);
  const right = sources.map((source, place) => typedSource(source, types[place]));
  const measured = await measureColumns(database, rows, right, options);
  return new Map(wrong.map((guess, place) => [guess, { typed: right[place]!, measures: measured[place]! }]));
}

interface Details {
  readonly quantiles: number[] | undefined;
  readonly histogram: Histogram | undefined;
  readonly topValues: TopValues;
}

function profileOf(
  { typed, measures }: MeasuredColumn,
  rows: number,
  details: Details | undefined,
): ColumnProfile {
  const { source, type, candidate } = typed;
  const { values, distinct, length, min, max, mean, standardDeviation } = measures;
  const always = {
    name: source.column.name,
    type,
    inferredType: candidate,
    values,
    missing: rows - values,
    distinct: details?.topValues.distinct ?? distinct,
    ...(length === null ? {} : { length }),
  };
  if (details === undefined) return maskProfile(always);
  const { quantiles, histogram, topValues } = details;
  const top = topValues.top.map(({ value, count }) => ({ value: shortest(value, type), count }));
  return {
    ...always,
    ...(min === null || max === null ? {} : { min: shortest(min, type), max: shortest(max, type) }),
    ...(mean === null ? {} : { mean }),
    ...(standardDeviation === null ? {} : { standardDeviation }),
    ...(quantiles ? { quantiles } : {}),
    ...(histogram ? { histogram } : {}),
    ...(top.length > 0 ? { topValues: top } : {}),
  };
}

/** DuckDB writes the number 5 as 5.0. */
const shortest = (text: string, type: Column['type']): string =>
  type === 'number' ? String(Number(text)) : text;
