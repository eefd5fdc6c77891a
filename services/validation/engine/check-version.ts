import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDb } from '#shared/duckdb/duckdb.ts';
import type { CheckResult, DatasetProfile } from '../contract.ts';
import { verdictOf } from '../domain/verdict.ts';
import { columnChecks, rowCountChecks } from './column-checks.ts';
import type { RowCheck } from './compile/row-checks.ts';
import { datasetResults, withMistypedValues } from './dataset-results.ts';
import type { Judgement } from './judge-rows.ts';
import { judge, withVersion } from './judge-version.ts';
import { profileRows } from './profile/profile-rows.ts';
import { rowCheckResult } from './row-check-result.ts';
import { isSkipped } from './surroundings.ts';
import { uploadedRows } from './uploaded-rows.ts';
import type { CheckPlace, VersionCheck, VersionOutcome } from './version-check.ts';
import { writeValidRows } from './write-valid-rows.ts';

export const validatedFile = 'validated.parquet';
export const profileFile = 'profile.json';

/**
 * Checks all rows of a version against its contract. Leaves in `place.folder` the rows that go on (`validated.parquet`, unless the
 * verdict is Fail), those in quarantine (`quarantine.parquet`, where there are any) and `profile.json`. Throws FileRejection
 * where an object cannot be read as its manifest says.
 */
export function checkVersion(check: VersionCheck, place: CheckPlace): Promise<VersionOutcome> {
  return withVersion(check, place, async (database, options) => {
    const { judged, quarantine } = await judge(database, options);
    const { folder } = place;
    const validated = join(folder, validatedFile);
    await writeValidRows(database, options, check.contract, validated);
    const profile = await profileOf(database, check, judged, {
      validated,
      quarantine,
      scratch: join(folder, 'quarantined-values.parquet'),
    });
    const checks = [
      ...columnChecks(check.contract, check.columns),
      ...rowCountChecks(check.contract, judged),
      ...options.compiler.checks.map((row) => resultOf(row, judged, check)),
      ...(await datasetResults({ database, check, place, profile, validated })),
    ];
    const verdict = verdictOf(checks);
    await writeFile(join(folder, profileFile), JSON.stringify(profile));
    if (verdict === 'Fail') await rm(validated);
    const { rows, quarantinedRows, releasedRows } = judged;
    return {
      verdict,
      rows,
      validRows: rows - quarantinedRows,
      quarantinedRows,
      releasedRows,
      checks,
      profile,
    };
  });
}

async function profileOf(
  database: DuckDb,
  { contract, project, datasetVersion }: VersionCheck,
  { rows, failures }: Judgement,
  files: Parameters<typeof uploadedRows>[2],
): Promise<DatasetProfile> {
  const declared = Object.entries(contract.columns).map(([name, { type, sensitive }]) => ({
    name,
    type,
    sensitive,
  }));
  const columns = await profileRows(database, await uploadedRows(database, contract, files), declared);
  const mistyped = [...failures].flatMap(([{ rule }, found]) =>
    rule.check === 'type' ? [[rule.column, found.rows] as const] : [],
  );
  return withMistypedValues({ schemaVersion: 1, project, datasetVersion, rows, columns }, new Map(mistyped));
}

function resultOf(row: RowCheck, { rows, failures }: Judgement, check: VersionCheck): CheckResult {
  const found = failures.get(row);
  const result = rowCheckResult(
    row,
    { rows, failingRows: found?.rows ?? 0, samples: found?.samples ?? [] },
    check.contract,
  );
  return isSkipped(row, check)
    ? { ...result, outcome: 'skipped', observed: 'there is no such version to look into yet' }
    : result;
}
