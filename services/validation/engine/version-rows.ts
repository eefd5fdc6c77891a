import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataContract } from '#services/projects/contract.ts';
import { prepareFile } from '#shared/data-files/prepare-file.ts';
import { relationSql } from '#shared/data-files/relation.ts';
import { type SourceColumn, sourceColumns } from '#shared/data-files/source-columns.ts';
import { type DuckDb, quoteName, quoteText } from '#shared/duckdb/duckdb.ts';
import type { CheckPlace, VersionCheck } from './version-check.ts';

type ManifestObject = VersionCheck['objects'][number];

/** Most bytes that a contract lets a file have, decompressed. */
const maxObjectBytes = 5_368_709_120;

/** An object of a version as DuckDB reads it. */
export interface ObjectRows {
  readonly object: ManifestObject;
  /** Objects of one upload have the same number. */
  readonly upload: number;
  /** SQL that stands after FROM: of the columns that are in the file. */
  readonly relation: string;
  /** SQL of a row's number, from 1; absent where rows are found in the order of the file only. */
  readonly rowNumber?: string;
  /** DuckDB's types of its columns by name. */
  readonly types: ReadonlyMap<string, string>;
}

/** The objects of a version, in the order that they were uploaded. Throws FileRejection where one is not what its manifest says. */
export async function openObjects(
  database: DuckDb,
  check: VersionCheck,
  place: CheckPlace,
): Promise<ObjectRows[]> {
  const uploads = new Map(
    [...new Set(check.objects.map(({ availableAt }) => availableAt))].map((at, number) => [at, number]),
  );
  const rows: ObjectRows[] = [];
  for (const [index, object] of check.objects.entries()) {
    const { reading, partition } = object;
    const folder = join(place.folder, `object-${index}`);
    await mkdir(folder);
    const path = await prepareFile(place.pathOf(object.uri), reading, { folder, maxBytes: maxObjectBytes });
    const columns =
      reading.format === 'jsonl'
        ? wantedColumns(check.contract, object)
        : await sourceColumns(database, { path, reading });
    const relation = relationSql({ path, reading, columns: columns.map(({ name }) => name) });
    const types = new Map(columns.map(({ name, sqlType }) => [name, sqlType]));
    for (const name of Object.keys(partition ?? {})) types.set(name, 'VARCHAR');
    rows.push({
      object,
      upload: uploads.get(object.availableAt)!,
      relation,
      types,
      ...(isNumbered(object, columns) ? { rowNumber: `${rowNumberColumn} + 1` } : {}),
    });
  }
  return rows;
}

/** DuckDB's name for the number of a row in a Parquet file; a column of the file that has the name hides it. */
const rowNumberColumn = 'file_row_number';

const isNumbered = ({ reading }: ManifestObject, columns: readonly SourceColumn[]): boolean =>
  reading.format === 'parquet' && columns.every(({ name }) => name.toLowerCase() !== rowNumberColumn);

/** The keys of JSON Lines are not looked for: an absent one is NULL in every row. */
const wantedColumns = (contract: DataContract, { partition = {} }: ManifestObject): SourceColumn[] =>
  Object.keys(contract.columns)
    .filter((name) => !Object.hasOwn(partition, name))
    .map((name) => ({ name, sqlType: 'VARCHAR' }));

/** SQL of a column of an object as it was uploaded, and its DuckDB type; a column that it lacks is NULL. */
export function uploadedColumn(
  { object: { partition = {} }, types }: ObjectRows,
  name: string,
): { readonly sql: string; readonly type: string } {
  if (Object.hasOwn(partition, name))
    return { sql: `nullif(${quoteText(partition[name]!)}, '')`, type: 'VARCHAR' };
  const type = types.get(name);
  return type === undefined
    ? { sql: 'CAST(NULL AS VARCHAR)', type: 'VARCHAR' }
    : { sql: quoteName(name), type };
}

/** SQL of an uploaded value, NULL where it is one of the texts that stand for a missing one. */
export function presentValue(
  { object: { reading } }: ObjectRows,
  uploaded: { readonly sql: string; readonly type: string },
  { missingValues }: DataContract,
): string {
  if (missingValues.length === 0 || reading.format !== 'csv') return uploaded.sql;
  return `CASE WHEN ${uploaded.sql} NOT IN (${missingValues.map(quoteText).join(', ')}) THEN ${uploaded.sql} END`;
}
