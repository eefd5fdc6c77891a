import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadTo } from '#shared/aws/objects.ts';
import { type DuckDb, quoteName, quoteText, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { availableAtColumn, maskedValue } from '../contract.ts';
import type { QuarantinePage, QuarantineQuestion, QuarantineRows } from '../ports.ts';

/** What quarantine files have besides the columns of the data. */
const ownColumns: ReadonlySet<string> = new Set(['_reasons', '_checks', '_object_sha256', '_row']);

/** Reads quarantine files with DuckDB. */
export function createQuarantineRows({ memoryMb }: { readonly memoryMb: number }): QuarantineRows {
  return {
    read: (question) =>
      withScratchFolder(async (scratch) => {
        const files = await download(question, scratch);
        return withDuckDb({ folder: scratch, functionMemoryMb: memoryMb }, (database) =>
          readQuarantine(database, question, files),
        );
      }),
  };
}

interface Files {
  readonly quarantine: string;
  readonly validated: string | undefined;
}

async function download({ quarantine, repairs }: QuarantineQuestion, folder: string): Promise<Files> {
  await mkdir(join(folder, 'files'));
  const [ofQuarantine, ofValidated] = await Promise.all([
    downloadTo(quarantine, join(folder, 'files', 'quarantine.parquet')),
    repairs ? downloadTo(repairs.validated, join(folder, 'files', 'validated.parquet')) : undefined,
  ]);
  return { quarantine: ofQuarantine.path, validated: ofValidated?.path };
}

/** A page of a quarantine file on local disk, and which of its rows came again and passed. */
export async function readQuarantine(
  database: DuckDb,
  question: QuarantineQuestion,
  files: Files,
): Promise<QuarantinePage> {
  const names = await columnsOf(database, files.quarantine);
  await database.run(
    `CREATE VIEW quarantine AS SELECT *, file_row_number AS _number${names.has('_checks') ? '' : ", list_transform(_reasons, lambda reason: split_part(reason, ':', 1)) AS _checks"} FROM read_parquet(${quoteText(files.quarantine)}, file_row_number = true)`,
  );
  await createRepairs(database, question, names, files);
  const [total] = await database.rows<{ rows: bigint; matching: bigint; repaired: bigint }>(
    `SELECT count(*) AS "rows", count(*) FILTER (${matches(question)}) AS matching, count(_repaired_at) AS repaired FROM joined`,
    valuesOf(question),
  );
  const columns = [...names].filter((name) => !ownColumns.has(name));
  const page = await database.rows<PageRow>(
    `SELECT _row, _object_sha256, _reasons, strftime(_repaired_at, '%Y-%m-%dT%H:%M:%S.%gZ') AS _repaired_at, [${columns.map((name) => shownValue(name, question)).join(', ')}]::VARCHAR[] AS _values
     FROM joined WHERE ${matches(question)} ORDER BY _number LIMIT ${question.limit} OFFSET ${question.offset}`,
    valuesOf(question),
  );
  return {
    quarantinedRows: Number(total!.rows),
    matchingRows: Number(total!.matching),
    repairedRows: Number(total!.repaired),
    items: page.map((row) => ({
      row: Number(row._row),
      objectSha256: row._object_sha256,
      reasons: [...row._reasons],
      ...(row._repaired_at === null ? {} : { repairedAt: row._repaired_at }),
      values: Object.fromEntries(columns.map((name, index) => [name, row._values[index] ?? null])),
    })),
  };
}

interface PageRow {
  readonly _row: bigint;
  readonly _object_sha256: string;
  readonly _reasons: readonly string[];
  readonly _repaired_at: string | null;
  readonly _values: readonly (string | null)[];
}

async function columnsOf(database: DuckDb, path: string): Promise<ReadonlySet<string>> {
  const columns = await database.rows<{ column_name: string }>(
    `DESCRIBE SELECT * FROM read_parquet(${quoteText(path)})`,
  );
  return new Set(columns.map(({ column_name }) => column_name));
}

/** Joins each row with when the first row of its key came after it that passed. Keys are compared as text, which is what quarantine keeps. */
async function createRepairs(
  database: DuckDb,
  { repairs }: QuarantineQuestion,
  names: ReadonlySet<string>,
  { validated }: Files,
): Promise<void> {
  if (!repairs || repairs.uploads.length === 0 || validated === undefined || !names.has(repairs.primaryKey)) {
    await database.run(
      'CREATE VIEW joined AS SELECT *, CAST(NULL AS TIMESTAMPTZ) AS _repaired_at FROM quarantine',
    );
    return;
  }
  const key = quoteName(repairs.primaryKey);
  const uploads = repairs.uploads.map(
    ({ sha256, availableAt }) => `(${quoteText(sha256)}, ${quoteText(availableAt)}::TIMESTAMPTZ)`,
  );
  await database.run(
    `CREATE TABLE uploads AS SELECT * FROM (VALUES ${uploads.join(', ')}) AS uploads(_sha256, _came_at)`,
  );
  await database.run(
    `CREATE TABLE valid AS SELECT CAST(${key} AS VARCHAR) AS _key, ${quoteName(availableAtColumn)} AS _at
     FROM read_parquet(${quoteText(validated)}) WHERE CAST(${key} AS VARCHAR) IN (SELECT ${key} FROM quarantine)`,
  );
  await database.run(
    `CREATE TABLE joined AS SELECT any_value(COLUMNS(quarantine.*)), min(valid._at) AS _repaired_at
     FROM quarantine LEFT JOIN uploads ON uploads._sha256 = quarantine._object_sha256
     LEFT JOIN valid ON valid._key = quarantine.${key} AND valid._at > uploads._came_at GROUP BY quarantine._number`,
  );
}

const matches = ({ check }: QuarantineQuestion): string =>
  check === undefined
    ? 'true'
    : `list_contains(_checks, $1) OR list_contains(list_transform(_checks, lambda name: split_part(name, ':', 1)), $1)`;

const valuesOf = ({ check }: QuarantineQuestion): string[] => (check === undefined ? [] : [check]);

const shownValue = (name: string, { masked }: QuarantineQuestion): string =>
  masked.includes(name)
    ? `CASE WHEN ${quoteName(name)} IS NOT NULL THEN ${quoteText(maskedValue)} END`
    : quoteName(name);
