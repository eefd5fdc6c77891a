import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { availableAtColumn } from '#services/validation/contract.ts';
import { detectReading } from '#shared/data-files/detect-reading.ts';
import { explainFailure } from '#shared/data-files/explain-failure.ts';
import { relationSql } from '#shared/data-files/relation.ts';
import { sourceColumns } from '#shared/data-files/source-columns.ts';
import { type DuckDb, quoteName, quoteText } from '#shared/duckdb/duckdb.ts';
import { emitSql } from '#shared/expressions/emit.ts';
import { parseCondition } from '#shared/expressions/parse.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { PlannedEntities, RetrievalPlan } from '../domain/retrieval-plan.ts';
import { typedColumns } from './entity-types.ts';

/** Where entity rows are read from. */
export interface EntityPlace {
  readonly pathOf: (uri: string) => string;
  /** For what is made of files on the way. */
  readonly folder: string;
}

type Plan = Pick<RetrievalPlan, 'entityRows' | 'service' | 'views' | 'asOf'>;

/** What a file of entity rows may have decompressed; the disk of the biggest function, and more than a thousand million rows of keys. */
const maxFileBytes = 50_000_000_000;

/**
 * Makes the table `entities` of the rows that are asked about, in their order: values of text files are typed by what all of a column's
 * values are, columns that expressions ask for as these say. Throws InvalidEntities (invalid_input), naming row and column, and FileRejection.
 */
export async function createEntityTable(database: DuckDb, plan: Plan, place: EntityPlace): Promise<void> {
  const { entityRows } = plan;
  if (entityRows.type === 'rows') await readRows(database, entityRows, place);
  else if (entityRows.type === 'file') await readFile(database, entityRows, place);
  else await readDataset(database, entityRows, plan.asOf, place);
  const [{ rows } = { rows: 0n }] = await database.rows<{ rows: bigint }>(
    'SELECT count(*) AS "rows" FROM raw_entities',
  );
  if (rows === 0n) throw invalid(noRows(entityRows));
  const columns = await typedColumns(database, plan);
  await database.run(`CREATE TABLE entities AS SELECT ${columns.join(', ')} FROM raw_entities`);
  await database.run('DROP TABLE raw_entities');
}

const noRows = (entityRows: PlannedEntities): string =>
  entityRows.type === 'dataset'
    ? `No row of dataset version ${entityRows.datasetVersion} of '${entityRows.dataset}' was known at asOf${entityRows.where === undefined ? '' : ' and meets the condition'}. Ask for a later asOf or other rows.`
    : 'There are no entity rows. Send at least one.';

/** Values keep the types that JSON gave them: a column of whole numbers is one of integers. */
async function readRows(
  database: DuckDb,
  { rows }: Extract<PlannedEntities, { type: 'rows' }>,
  { folder }: EntityPlace,
): Promise<void> {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const types = names.map((name) => `${quoteText(name)}: '${jsonType(name, rows)}'`);
  const path = join(folder, 'entity-rows.jsonl');
  await writeFile(path, rows.map((row) => JSON.stringify(row)).join('\n'));
  await database.run(
    `CREATE TABLE raw_entities AS SELECT * FROM read_json(${quoteText(path)}, format = 'newline_delimited', columns = {${types.join(', ')}})`,
  );
}

function jsonType(name: string, rows: Extract<PlannedEntities, { type: 'rows' }>['rows']): string {
  const kinds = new Map<string, number>();
  rows.forEach((row, index) => {
    const value = row[name] ?? null;
    if (value !== null && !kinds.has(typeof value)) kinds.set(typeof value, index);
  });
  const [[first, firstRow] = ['string', 0], second] = [...kinds];
  if (second)
    throw invalid(
      `'${name}' is a ${first} in entity row ${firstRow + 1} and a ${second[0]} in entity row ${second[1] + 1}. Send values of one type in a column.`,
    );
  if (first === 'boolean') return 'BOOLEAN';
  if (first === 'string') return 'VARCHAR';
  return rows.every((row) => Number.isSafeInteger(row[name] ?? 0)) ? 'BIGINT' : 'DOUBLE';
}

async function readFile(
  database: DuckDb,
  { uri }: Extract<PlannedEntities, { type: 'file' }>,
  { pathOf, folder }: EntityPlace,
): Promise<void> {
  const detected = await detectReading(pathOf(uri), {}, { folder, maxBytes: maxFileBytes });
  const columns = (await sourceColumns(database, detected)).map(({ name }) => name);
  try {
    await database.run(`CREATE TABLE raw_entities AS SELECT * FROM ${relationSql({ ...detected, columns })}`);
  } catch (error) {
    throw await explainFailure(error as Error, detected);
  }
}

/** No row that the platform came to know after `asOf`. */
async function readDataset(
  database: DuckDb,
  { validated, types, where, columns }: Extract<PlannedEntities, { type: 'dataset' }>,
  asOf: string,
  { pathOf }: EntityPlace,
): Promise<void> {
  const selected = columns?.map(quoteName).join(', ') ?? `* EXCLUDE (${quoteName(availableAtColumn)})`;
  const condition =
    where === undefined ? '' : ` AND ${emitSql(parseCondition(where, types), 'duckdb', quoteName)}`;
  await database.run(
    `CREATE TABLE raw_entities AS SELECT ${selected} FROM read_parquet(${quoteText(pathOf(validated.uri))}) WHERE ${quoteName(availableAtColumn)} <= $1::TIMESTAMPTZ${condition}`,
    [asOf],
  );
}

/** What DuckDB must be allowed to read besides the folder. */
export const entityPaths = (entityRows: PlannedEntities, pathOf: EntityPlace['pathOf']): string[] => {
  if (entityRows.type === 'rows') return [];
  return [pathOf(entityRows.type === 'file' ? entityRows.uri : entityRows.validated.uri)];
};

const invalid = (message: string): AppError => new AppError('invalid_input', 'InvalidEntities', message);
