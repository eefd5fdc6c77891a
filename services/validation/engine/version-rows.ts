import type { DataContract } from '#services/projects/contract.ts';
import { csvRelation, readCsvHeader } from '#shared/duckdb/csv.ts';
import { type DuckDb, quoteName, quoteText } from '#shared/duckdb/duckdb.ts';
import type { CheckPlace, VersionCheck } from './version-check.ts';

type ManifestObject = VersionCheck['objects'][number];

/** An object of a version as DuckDB reads it. */
export interface ObjectRows {
  readonly object: ManifestObject;
  /** Objects of one upload have the same number. */
  readonly upload: number;
  /** SQL that stands after FROM. */
  readonly relation: string;
  /** DuckDB's types of its columns by name. */
  readonly types: ReadonlyMap<string, string>;
}

/** The objects of a version, in the order that they were uploaded. */
export async function openObjects(
  database: DuckDb,
  check: VersionCheck,
  place: CheckPlace,
): Promise<ObjectRows[]> {
  const uploads = [...new Set(check.objects.map(({ availableAt }) => availableAt))];
  const rows: ObjectRows[] = [];
  for (const object of check.objects) {
    const relation = await relationOf(object, place.pathOf(object.uri));
    const described = await database.rows<{ column_name: string; column_type: string }>(
      `DESCRIBE SELECT * FROM ${relation}`,
    );
    const types = new Map(described.map((column) => [column.column_name, column.column_type]));
    rows.push({ object, upload: uploads.indexOf(object.availableAt), relation, types });
  }
  return rows;
}

async function relationOf({ reading }: ManifestObject, path: string): Promise<string> {
  if (reading.format === 'parquet') return `read_parquet(${quoteText(path)})`;
  return csvRelation(path, await readCsvHeader(path));
}

/** SQL of a column of an object as it was uploaded, and its DuckDB type; a column that it lacks is NULL. */
export function uploadedColumn(
  { object, types }: ObjectRows,
  name: string,
): { readonly sql: string; readonly type: string } {
  const type = types.get(name);
  if (type !== undefined) return { sql: quoteName(name), type };
  const ofPath = object.partition?.[name];
  return { sql: ofPath === undefined ? 'CAST(NULL AS VARCHAR)' : quoteText(ofPath), type: 'VARCHAR' };
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
