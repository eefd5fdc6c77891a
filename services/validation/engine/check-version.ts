import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withDuckDb } from '#shared/duckdb/duckdb.ts';
import type { CheckResult } from '../contract.ts';
import { verdictOf } from '../domain/verdict.ts';
import { columnChecks, rowCountChecks } from './column-checks.ts';
import { type RowCheck, rowChecksOf } from './compile/row-checks.ts';
import { type JudgeOptions, judgeRows, writeQuarantine } from './judge-rows.ts';
import { RowCompiler } from './judged-rows.ts';
import { rowCheckResult } from './row-check-result.ts';
import { findSurroundings } from './surroundings.ts';
import type { CheckPlace, VersionCheck, VersionOutcome } from './version-check.ts';
import { openObjects } from './version-rows.ts';
import { writeValidRows } from './write-valid-rows.ts';

export const validatedFile = 'validated.parquet';
export const quarantineFile = 'quarantine.parquet';
export const profileFile = 'profile.json';

/**
 * Checks all rows of a version against its contract. Leaves in `place.folder` the rows that go on (`validated.parquet`, unless the
 * verdict is Fail), those in quarantine (`quarantine.parquet`, where there are any) and `profile.json`. Throws FileRejection
 * where an object cannot be read as its manifest says.
 */
export function checkVersion(check: VersionCheck, place: CheckPlace): Promise<VersionOutcome> {
  const others = [...Object.values(check.lookups), ...Object.values(check.comparisons)];
  const readable = [
    ...check.objects.map(({ uri }) => uri),
    ...others.map(({ validated }) => validated.uri),
  ].map(place.pathOf);
  const settings = {
    folder: place.folder,
    functionMemoryMb: place.memoryMb,
    threads: place.threads,
    readable,
  };
  return withDuckDb(settings, async (database) => {
    const { contract } = check;
    const objects = await openObjects(database, check, place);
    const checks = rowChecksOf(contract);
    const compiler = new RowCompiler(contract);
    const options: JudgeOptions = {
      objects,
      compiler,
      checks,
      surroundings: await findSurroundings(database, compiler, objects, checks),
      blocking: new Set(checks.filter((row) => row.rule.severity === 'error' && !isReleased(row, check))),
      folder: place.folder,
    };
    const judged = await judgeRows(database, options);
    if (judged.quarantinedRows > 0)
      await writeQuarantine(database, options, join(place.folder, quarantineFile));
    const validated = join(place.folder, validatedFile);
    await writeValidRows(database, options, contract, validated);
    const results: CheckResult[] = [
      ...columnChecks(contract, check.columns),
      ...rowCountChecks(contract, judged),
      ...checks.map((row) => {
        const found = judged.failures.get(row);
        return rowCheckResult(
          row,
          { rows: judged.rows, failingRows: found?.rows ?? 0, samples: found?.samples ?? [] },
          contract,
        );
      }),
    ];
    const profile = {
      schemaVersion: 1 as const,
      project: check.project,
      datasetVersion: check.datasetVersion,
      rows: judged.rows,
      columns: [],
    };
    await writeFile(join(place.folder, profileFile), JSON.stringify(profile));
    const verdict = verdictOf(results);
    if (verdict === 'Fail') await rm(validated);
    return {
      verdict,
      rows: judged.rows,
      validRows: judged.rows - judged.quarantinedRows,
      quarantinedRows: judged.quarantinedRows,
      releasedRows: judged.releasedRows,
      checks: results,
      profile,
    };
  });
}

/** Whether rows that fail the check were let out of quarantine. Never those without the declared type, without the primary key or with one that others have. */
function isReleased({ rule, id, columns }: RowCheck, { released, contract }: VersionCheck): boolean {
  if (rule.check === 'type') return false;
  const isAboutKey = columns.length === 1 && columns[0] === contract.primaryKey;
  if (isAboutKey && (rule.check === 'unique' || rule.check === 'not_null')) return false;
  return released.some((name) => name === '*' || name === rule.check || name === id);
}
