import type { Column } from '#shared/contracts/parts.ts';
import { type DataFile, relationSql } from '#shared/data-files/relation.ts';
import { type DuckDb, quoteName } from '#shared/duckdb/duckdb.ts';
import { type InferredType, inferrable, inferredTypes } from './inferred-types.ts';
import { partitionColumns } from './partition-columns.ts';

/** DuckDB's time to plan a query grows with the square of its expressions: wide files are read several times, a group of columns each. */
const columnsPerPass = 200;
/** Rows from which the types of columns are guessed; then the guess is held against all rows. */
const sampleRows = 2000;

/** What a column may still be: the types that no value has contradicted yet, the narrowest first. */
interface Guess {
  readonly name: string;
  readonly types: readonly InferredType[];
}

/** Reads every row of a text file: its columns with the narrowest type that all their values have, and its rows. Throws DuckDB's error for the first row that breaks the format. */
export async function inspectText(
  database: DuckDb,
  file: DataFile,
): Promise<{ columns: Column[]; rows: number }> {
  const relation = relationSql(file);
  const columns: Column[] = [];
  let rows = 0;
  for (let start = 0; start < file.columns.length; start += columnsPerPass) {
    const names = file.columns.slice(start, start + columnsPerPass);
    const group = await inspectColumns(database, relation, names);
    rows = group.rows;
    columns.push(...group.columns);
  }
  return { rows, columns: [...columns, ...(await partitionColumns(database, file.partition))] };
}

async function inspectColumns(
  database: DuckDb,
  relation: string,
  names: readonly string[],
): Promise<{ columns: Column[]; rows: number }> {
  const sample = `(FROM ${relation} LIMIT ${sampleRows})`;
  let guesses: Guess[] = names.map((name) => ({ name, types: inferredTypes }));
  guesses = (await surviving(database, sample, guesses, inferredTypes.length)).guesses;
  let rows: number | undefined;
  const types = new Map<string, Column['type']>();
  // Every pass reads all rows and tries the narrowest type that is left; most columns are done with the first.
  while (rows === undefined || guesses.length > 0) {
    const tried = guesses.map(({ name, types: [narrowest] }) => ({ name, narrowest }));
    const pass = await surviving(database, relation, guesses, 1);
    rows = pass.rows;
    guesses = pass.guesses.filter(({ name, types: left }, index) => {
      const { narrowest } = tried[index]!;
      const isEmpty = pass.isEmpty(index);
      if (!isEmpty && narrowest !== undefined && left[0] === narrowest) types.set(name, narrowest);
      else if (isEmpty || left.length === 0) types.set(name, 'string');
      else return true;
      return false;
    });
  }
  return { rows, columns: names.map((name) => ({ name, type: types.get(name)! })) };
}

/** The guesses without those of their first `count` types that a value of the relation contradicts. */
async function surviving(
  database: DuckDb,
  relation: string,
  guesses: readonly Guess[],
  count: number,
): Promise<{ guesses: Guess[]; rows: number; isEmpty: (index: number) => boolean }> {
  const counts = guesses.flatMap(({ name, types }, index) => {
    const text = quoteName(name);
    const tried = types.slice(0, count);
    return [
      `count(${text}) AS "present${index}"`,
      ...tried.map((type) => `count(${inferrable(text, type)}) AS "${type}${index}"`),
    ];
  });
  const [found] = await database.rows<Record<string, bigint>>(
    `SELECT ${['count(*) AS "rows"', ...counts].join(', ')} FROM ${relation}`,
  );
  const survives = (type: InferredType, index: number, position: number) =>
    position >= count || found![`${type}${index}`] === found![`present${index}`];
  return {
    rows: Number(found!['rows']),
    guesses: guesses.map(({ name, types }, index) => ({
      name,
      types: types.filter((type, position) => survives(type, index, position)),
    })),
    isEmpty: (index) => found![`present${index}`] === 0n,
  };
}
