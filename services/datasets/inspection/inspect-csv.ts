import { open } from 'node:fs/promises';
import type { Column } from '#shared/contracts/parts.ts';
import { typedValue } from '#shared/duckdb/column-types.ts';
import { csvRelation, readCsvHeader } from '#shared/duckdb/csv.ts';
import { findOversizedRow, type OversizedRow } from '#shared/duckdb/csv-rows.ts';
import { type DuckDb, quoteName } from '#shared/duckdb/duckdb.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { Inspection, LocalFile, Rejection } from '../ports.ts';

interface Reject {
  /** Counts records, the header being the first. */
  readonly line: bigint;
  readonly error_type: string;
  readonly error_message: string;
  readonly column_name: string | null;
}

/** Reads every row of a CSV file: its columns with the narrowest type that all their values have, its rows, or the first row that breaks the format. */
export async function inspectCsv(database: DuckDb, file: LocalFile): Promise<Inspection> {
  let header: string[];
  try {
    header = await readCsvHeader(file.path);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { readable: false, rejection: { code: 'UnreadableUpload', message: error.message } };
  }
  const oversized = await findOversizedRow(file.path, header.length);
  if (oversized) return { readable: false, rejection: oversizedRejection(oversized) };
  return inspectRows(database, file, header);
}

/** DuckDB's time to plan a query grows with the square of its expressions: wide files are read several times, a group of columns each. */
const columnsPerPass = 200;

async function inspectRows(
  database: DuckDb,
  file: LocalFile,
  header: readonly string[],
): Promise<Inspection> {
  const columns: Column[] = [];
  let rows = 0;
  for (let start = 0; start < header.length; start += columnsPerPass) {
    const isFirst = start === 0;
    const names = header.slice(start, start + columnsPerPass);
    const relation = csvRelation(file.path, header, { keepRejects: isFirst });
    const [counts] = await database.rows<Record<string, bigint>>(
      `SELECT count(*) AS "rows", ${names.flatMap(typeCounts).join(', ')} FROM ${relation}`,
    );
    rows = Number(counts!['rows']);
    const reject = isFirst ? await firstReject(database) : undefined;
    if (reject) return { readable: false, rejection: await rejectionOf(reject, rows, file) };
    columns.push(...names.map((name, index) => ({ name, type: narrowestType(counts!, index) })));
  }
  return { readable: true, rows, columns };
}

async function firstReject(database: DuckDb): Promise<Reject | undefined> {
  const [reject] = await database.rows<Reject>(
    'SELECT line, error_type, error_message, column_name FROM reject_errors ORDER BY line LIMIT 1',
  );
  return reject;
}

const oversizedRejection = ({ row, reason }: OversizedRow): Rejection => ({
  code: 'UnreadableUpload',
  message: `Row ${row} of the file is not CSV as the header promises: ${reason}. Check that quotes are closed and that the separator is a comma, then upload again.`,
});

const inferred = ['boolean', 'integer', 'number', 'timestamp'] as const;

function typeCounts(name: string, index: number): string[] {
  const text = quoteName(name);
  return [
    `count(${text}) AS "present${index}"`,
    ...inferred.map((type) => `count(${inferrable(text, type)}) AS "${type}${index}"`),
  ];
}

/** As in validation, but 1 and 0 alone do not make a column boolean. */
function inferrable(text: string, type: (typeof inferred)[number]): string {
  return type === 'boolean'
    ? `CASE WHEN lower(${text}) IN ('true', 'false') THEN true END`
    : typedValue(text, type);
}

function narrowestType(counts: Record<string, bigint>, index: number): Column['type'] {
  const present = counts[`present${index}`]!;
  if (present === 0n) return 'string';
  return inferred.find((type) => counts[`${type}${index}`] === present) ?? 'string';
}

async function rejectionOf(reject: Reject, goodRows: number, file: LocalFile): Promise<Rejection> {
  const row = Number(reject.line) - 1;
  const isUnterminated = reject.error_message.includes('unterminated');
  const isCutLastRow =
    reject.error_type === 'MISSING COLUMNS' && row > goodRows && !(await endsWithNewline(file));
  if (isUnterminated || isCutLastRow) {
    return {
      code: 'TruncatedUpload',
      message: `The file ends inside row ${row}${isUnterminated ? ', where a quoted value never ends' : ''}. Write the file whole and upload it again.`,
    };
  }
  const column = reject.column_name === null ? '' : ` in column '${reject.column_name}'`;
  return {
    code: 'UnreadableUpload',
    message: `Row ${row} of the file is not CSV as the header promises${column}: ${reject.error_message} Correct the row (quote values that hold commas, quotes or line breaks) and upload again.`,
  };
}

async function endsWithNewline({ path, bytes }: LocalFile): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, bytes - 1);
    return buffer[0] === 0x0a;
  } finally {
    await file.close();
  }
}
