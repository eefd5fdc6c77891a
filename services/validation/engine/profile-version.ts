import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dataContract } from '#services/projects/contract.ts';
import { type DuckDb, quoteName, quoteText, withDuckDb } from '#shared/duckdb/duckdb.ts';
import type { DatasetProfile } from '../contract.ts';
import { maskProfile } from '../domain/mask-profile.ts';
import { type SuggestedContract, suggestContract } from '../domain/suggest-contract.ts';
import type { SuggestionContext } from '../domain/suggestion/inspection.ts';
import { profileFile } from './check-version.ts';
import { inspectRows } from './inspection/inspect-rows.ts';
import type { CheckPlace, VersionCheck } from './version-check.ts';
import { type ObjectRows, openObjects, uploadedColumn } from './version-rows.ts';

export interface ProfiledVersion {
  readonly profile: DatasetProfile;
  readonly suggested: SuggestedContract;
}

/** Describes a version that has no contract, and suggests one. Leaves `profile.json` in the place's folder, masked where a column probably holds personal data. Throws NothingToSuggest. */
export function profileVersion(
  check: VersionCheck,
  place: CheckPlace,
  context: SuggestionContext,
): Promise<ProfiledVersion> {
  const { folder, memoryMb: functionMemoryMb, threads } = place;
  const readable = check.objects.map(({ uri }) => place.pathOf(uri));
  return withDuckDb({ folder, functionMemoryMb, threads, readable }, async (database) => {
    const objects = await openObjects(database, withEveryColumn(check), place);
    const path = join(folder, 'rows.parquet');
    const names = check.columns.map((name) => ({ name }));
    const isEmpty = objects.length === 0 || names.length === 0;
    if (!isEmpty) await gatherRows(database, objects, check.columns, path);
    const inspection = isEmpty
      ? { rows: 0, missingTexts: [], doubtfulTexts: [], columns: [] }
      : await inspectRows(database, `read_parquet(${quoteText(path)})`, names);
    const suggested = suggestContract(inspection, context);
    const profile: DatasetProfile = {
      schemaVersion: 1,
      project: check.project,
      datasetVersion: check.datasetVersion,
      rows: inspection.rows,
      columns: inspection.columns.map((column) =>
        suggested.contract.columns[column.profile.name]?.sensitive
          ? maskProfile(column.profile)
          : column.profile,
      ),
    };
    await writeFile(join(folder, profileFile), JSON.stringify(profile));
    return { profile, suggested };
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
