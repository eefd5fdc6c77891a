import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDb } from '#shared/duckdb/duckdb.ts';
import { quoteName, quoteText } from '#shared/duckdb/duckdb.ts';
import type { RowCheck } from './compile/row-checks.ts';
import type { RowCompiler, Surroundings } from './judged-rows.ts';
import { parquetFormat } from '#shared/duckdb/parquet-format.ts';
import type { ObjectRows } from './version-rows.ts';

/** What the row checks found. */
export interface Judgement {
  readonly rows: number;
  readonly quarantinedRows: number;
  /** Rows that break an error rule and go on, because an approver let them. */
  readonly releasedRows: number;
  readonly failures: ReadonlyMap<
    RowCheck,
    { readonly rows: number; readonly samples: readonly (readonly (string | null)[])[] }
  >;
}

export interface JudgeOptions {
  readonly objects: readonly ObjectRows[];
  readonly compiler: RowCompiler;
  readonly surroundings: Surroundings;
  /** Those of the checks whose rows are quarantined. */
  readonly blocking: ReadonlySet<RowCheck>;
  readonly folder: string;
}

const maxSamples = 5;

/**
 * Judges every row in one pass over each object. Rows are not kept: only of those that break a check, the numbers of the checks, the
 * texts as uploaded and the row's number in the object are written, in the order of the object.
 */
export async function judgeRows(database: DuckDb, options: JudgeOptions): Promise<Judgement> {
  const { objects, compiler } = options;
  if (objects.length === 0) return { rows: 0, quarantinedRows: 0, releasedRows: 0, failures: new Map() };
  let all = 0;
  for (const [index, object] of objects.entries())
    all += await writeFailing(database, options, object, index);
  const parts = objects.map(
    (_, index) =>
      `SELECT ${index} AS _object, * FROM read_parquet(${quoteText(failingPath(options, index))})`,
  );
  await database.run(`CREATE VIEW failing AS SELECT * FROM (${parts.join(' UNION ALL ')})`);
  const [bad] = await database.rows<{ quarantined: bigint; released: bigint }>(
    `SELECT count(*) FILTER (${isBlocked(options)}) AS quarantined, count(*) FILTER (${isReleased(options)}) AS released FROM failing`,
  );
  const perCheck = await database.rows<{ failed: number; rows: bigint; samples: (string | null)[][] }>(
    `SELECT failed, count(*) AS "rows", arg_min(_texts, (_object, _row), ${maxSamples}) AS samples FROM (SELECT unnest(_failed) AS failed, _texts, _object, _row FROM failing) GROUP BY failed`,
  );
  return {
    rows: all,
    quarantinedRows: Number(bad!.quarantined),
    releasedRows: Number(bad!.released),
    failures: new Map(
      perCheck.map(({ failed, rows, samples }) => [
        compiler.checks[failed]!,
        { rows: Number(rows), samples },
      ]),
    ),
  };
}

const failingPath = ({ folder }: JudgeOptions, index: number): string =>
  join(folder, `failing-${index}.parquet`);

/** Writes the rows of an object that break a check; answers how many rows it has. */
async function writeFailing(
  database: DuckDb,
  options: JudgeOptions,
  object: ObjectRows,
  index: number,
): Promise<number> {
  const { compiler, surroundings } = options;
  const failures = compiler.failures(compiler.checks, surroundings);
  const failed = [...failures].map(
    ([check, condition]) => `CASE WHEN ${condition} THEN ${compiler.checks.indexOf(check)} END`,
  );
  const texts = compiler.columns.map((_, column) => `CAST(u${column} AS VARCHAR)`);
  const finding = {
    failed: `list_filter([${failed.join(', ')}]::INTEGER[], lambda number: number IS NOT NULL)`,
    texts: `[${texts.join(', ')}]::VARCHAR[]`,
    isFailing: compiler.breaksAny(compiler.checks, object, surroundings),
    rows: compiler.flaggedRows(object, surroundings),
    to: `${quoteText(failingPath(options, index))} (${parquetFormat})`,
  };
  return object.rowNumber === undefined
    ? writeByPosition(database, finding, join(options.folder, `marks-${index}.parquet`))
    : writeByNumber(database, finding, object);
}

/** SQL of what is written of the failing rows. */
interface Finding {
  readonly failed: string;
  readonly texts: string;
  readonly isFailing: string;
  readonly rows: string;
  readonly to: string;
}

/** Where rows know their numbers, nothing is computed of a row that breaks no check but the condition. */
async function writeByNumber(
  database: DuckDb,
  { failed, texts, isFailing, rows, to }: Finding,
  { relation }: ObjectRows,
): Promise<number> {
  await database.run(
    `COPY (SELECT _row, ${failed} AS _failed, ${texts} AS _texts FROM (${rows}) WHERE ${isFailing}) TO ${to}`,
  );
  return countOf(database, relation);
}

/** Rows of text have no numbers, and counting them would take one thread: each leaves a mark, whose position is the row's number. */
async function writeByPosition(
  database: DuckDb,
  { failed, texts, isFailing, rows, to }: Finding,
  path: string,
): Promise<number> {
  await database.run(
    `COPY (
      SELECT CASE WHEN _marked THEN ${failed} END AS _failed, CASE WHEN _marked THEN ${texts} END AS _texts
      FROM (SELECT *, CASE WHEN ${isFailing} THEN true ELSE false END AS _marked FROM (${rows}))
    ) TO ${quoteText(path)} (${parquetFormat})`,
  );
  const marks = `read_parquet(${quoteText(path)}, file_row_number = true)`;
  await database.run(
    `COPY (SELECT file_row_number + 1 AS _row, _failed, _texts FROM ${marks} WHERE _failed IS NOT NULL) TO ${to}`,
  );
  const rowCount = await countOf(database, marks);
  await rm(path);
  return rowCount;
}

async function countOf(database: DuckDb, relation: string): Promise<number> {
  const [found] = await database.rows<{ rows: bigint }>(`SELECT count(*) AS "rows" FROM ${relation}`);
  return Number(found!.rows);
}

const breaksAny = (numbers: readonly number[]): string =>
  `list_has_any(_failed, [${numbers.join(', ')}]::INTEGER[])`;

const isBlocked = ({ compiler, blocking }: JudgeOptions): string =>
  breaksAny(compiler.checks.flatMap((check, index) => (blocking.has(check) ? [index] : [])));

const isReleased = (options: JudgeOptions): string =>
  `${breaksAny(errorNumbers(options))} AND NOT (${isBlocked(options)})`;

/** Numbers of the checks that are a reason for quarantine. */
const errorNumbers = ({ compiler }: JudgeOptions): number[] =>
  compiler.checks.flatMap(({ rule }, index) => (rule.severity === 'error' ? [index] : []));

/** Writes the quarantined rows, in upload order: the texts as uploaded, the reasons, and where each came from (`_row` counts from 1). */
export async function writeQuarantine(database: DuckDb, options: JudgeOptions, path: string): Promise<void> {
  const { compiler, objects } = options;
  const columns = compiler.columns.map((name, index) => `_texts[${index + 1}] AS ${quoteName(name)}`);
  const perCheck = (text: (check: RowCheck) => string) =>
    `list_transform(_errors, lambda number: ([${compiler.checks.map((check) => quoteText(text(check))).join(', ')}])[number + 1])`;
  const hashes = objects.map(({ object }) => quoteText(object.sha256)).join(', ');
  const errors = `list_filter(_failed, lambda number: list_contains([${errorNumbers(options).join(', ')}]::INTEGER[], number))`;
  await database.run(
    `COPY (
      SELECT ${columns.join(', ')}, ${perCheck(reasonOf)} AS _reasons, ${perCheck(({ id }) => id)} AS _checks, ([${hashes}])[_object + 1] AS _object_sha256, _row
      FROM (SELECT *, ${errors} AS _errors FROM failing WHERE ${isBlocked(options)})
    ) TO ${quoteText(path)} (${parquetFormat})`,
  );
}

const reasonOf = ({ rule, columns, condition, about, expected }: RowCheck): string =>
  condition
    ? `${rule.check}: ${about.name ? `${about.name}: ` : ''}${expected} must be true`
    : `${rule.check}: ${columns.join(', ')} must be ${expected}`;
