import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dataContract } from '#services/projects/contract.ts';
import { type DuckDb, quoteName, quoteText, withDuckDb } from '#shared/duckdb/duckdb.ts';
import type { ContractSuggestion, DatasetProfile } from '../contract.ts';
import { profileFile } from './check-version.ts';
import { profileRows } from './profile/profile-rows.ts';
import type { CheckPlace, VersionCheck } from './version-check.ts';
import { type ObjectRows, openObjects, uploadedColumn } from './version-rows.ts';

export interface ProfiledVersion {
  readonly profile: DatasetProfile;
  readonly suggested: Pick<ContractSuggestion, 'contract' | 'evidence' | 'warnings'>;
}

/** Describes a version that has no contract: each column as the narrowest type that all its values have. Leaves `profile.json` in the place's folder. */
export function profileVersion(check: VersionCheck, place: CheckPlace): Promise<ProfiledVersion> {
  const { folder, memoryMb: functionMemoryMb, threads } = place;
  const readable = check.objects.map(({ uri }) => place.pathOf(uri));
  return withDuckDb({ folder, functionMemoryMb, threads, readable }, async (database) => {
    const objects = await openObjects(database, withEveryColumn(check), place);
    const path = join(folder, 'rows.parquet');
    const names = check.columns.map((name) => ({ name }));
    const isEmpty = objects.length === 0 || names.length === 0;
    if (!isEmpty) await gatherRows(database, objects, check.columns, path);
    const relation = `read_parquet(${quoteText(path)})`;
    const inspected = isEmpty ? [] : await profileRows(database, relation, names);
    const inspection = {
      rows: (inspected[0]?.values ?? 0) + (inspected[0]?.missing ?? 0),
      columns: inspected.map((profile) => ({ profile })),
    };
    const profile: DatasetProfile = {
      schemaVersion: 1,
      project: check.project,
      datasetVersion: check.datasetVersion,
      rows: inspection.rows,
      columns: inspection.columns.map((column) => column.profile),
    };
    await writeFile(join(folder, profileFile), JSON.stringify(profile));
    const columns = Object.fromEntries(
      profile.columns.map(({ name, inferredType, missing }) => [
        name,
        { type: inferredType, nullable: missing > 0 },
      ]),
    );
    return {
      profile,
      suggested: {
        contract: dataContract.parse({ primaryKey: check.contract.primaryKey, columns }),
        evidence: [],
        warnings: [],
      },
    };
  });
}

/** All rows in one file, which is read several times: columns keep their type where every object gives them the same. */
async function gatherRows(
  database: DuckDb,
  objects: readonly ObjectRows[],
  columns: readonly string[],
  path: string,
): Promise<void> {
  const isAlike = new Map(columns.map((name) => [name, sharesType(objects, name)]));
  const selects = objects.map((object) => {
    const values = columns.map((name) => {
      const { sql } = uploadedColumn(object, name);
      return `${isAlike.get(name) ? sql : `CAST(${sql} AS VARCHAR)`} AS ${quoteName(name)}`;
    });
    return `SELECT ${values.join(', ')} FROM ${object.relation}`;
  });
  await database.run(
    `COPY (${selects.join(' UNION ALL ')}) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd)`,
  );
}

const sharesType = (objects: readonly ObjectRows[], name: string): boolean =>
  new Set(objects.map((object) => uploadedColumn(object, name).type)).size === 1;

/** Objects are opened for the columns of a contract: here for all that there are. */
const withEveryColumn = (check: VersionCheck): VersionCheck => ({
  ...check,
  contract: dataContract.parse({
    ...check.contract,
    columns: Object.fromEntries(check.columns.map((name) => [name, { type: 'string', nullable: true }])),
  }),
});
