import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDb, withDuckDb } from '#shared/duckdb/duckdb.ts';
import type { CheckResult, DatasetProfile } from '../contract.ts';
import { verdictOf } from '../domain/verdict.ts';
import { columnChecks, rowCountChecks } from './column-checks.ts';
import { type RowCheck, rowChecksOf } from './compile/row-checks.ts';
import { datasetResults, withMistypedValues } from './dataset-results.ts';
import { type Judgement, type JudgeOptions, judgeRows, writeQuarantine } from './judge-rows.ts';
import { RowCompiler } from './judged-rows.ts';
import { profileRows } from './profile/profile-rows.ts';
import { rowCheckResult } from './row-check-result.ts';
import { findSurroundings, isSkipped } from './surroundings.ts';
import { uploadedRows } from './uploaded-rows.ts';
import type { CheckPlace, VersionCheck, VersionOutcome } from './version-check.ts';
import { openObjects } from './version-rows.ts';
import { writeValidRows } from './write-valid-rows.ts';

export const validatedFile = 'validated.parquet';
export const quarantineFile = 'quarantine.parquet';
export const profileFile = 'profile.json';

/** With more columns, one thread: each holds some 100 KB per column. */
const maxColumnsOfThreads = 500;

/**
 * Checks all rows of a version against its contract. Leaves in `place.folder` the rows that go on (`validated.parquet`, unless the
 * verdict is Fail), those in quarantine (`quarantine.parquet`, where there are any) and `profile.json`. Throws FileRejection
 * where an object cannot be read as its manifest says.
 */
export function checkVersion(check: VersionCheck, place: CheckPlace): Promise<VersionOutcome> {
  const others = [...Object.values(check.lookups), ...Object.values(check.comparisons)];
  const uris = [...check.objects.map(({ uri }) => uri), ...others.map(({ validated }) => validated.uri)];
  const { folder } = place;
  const threads = Object.keys(check.contract.columns).length > maxColumnsOfThreads ? 1 : place.threads;
  const settings = { folder, functionMemoryMb: place.memoryMb, threads, readable: uris.map(place.pathOf) };
  return withDuckDb(settings, async (database) => {
    const options = await prepare(database, check, place);
    const judged = await judgeRows(database, options);
    const validated = join(folder, validatedFile);
    const quarantine = judged.quarantinedRows > 0 ? join(folder, quarantineFile) : undefined;
    if (quarantine !== undefined) await writeQuarantine(database, options, quarantine);
    await writeValidRows(database, options, check.contract, validated);
    const profile = await profileOf(database, check, judged, { validated, quarantine });
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

async function prepare(database: DuckDb, check: VersionCheck, place: CheckPlace): Promise<JudgeOptions> {
  const objects = await openObjects(database, check, place);
  const checks = rowChecksOf(check.contract);
  const compiler = new RowCompiler(check.contract, checks);
  return {
    objects,
    compiler,
    surroundings: await findSurroundings({ database, compiler, objects, check, place }),
    blocking: new Set(checks.filter((row) => row.rule.severity === 'error' && !isReleased(row, check))),
    folder: place.folder,
  };
}

/** Whether rows that fail the check were let out of quarantine. Never those without the declared type, without the primary key or with one that others have. */
function isReleased({ rule, id, columns, about }: RowCheck, { released, contract }: VersionCheck): boolean {
  if (rule.check === 'type') return false;
  const isAboutKey = columns.length === 1 && columns[0] === contract.primaryKey;
  if (isAboutKey && (rule.check === 'unique' || rule.check === 'not_null')) return false;
  return released.some((name) => name === '*' || [rule.check, id, about.name].includes(name));
}

async function profileOf(
  database: DuckDb,
  { contract, project, datasetVersion }: VersionCheck,
  { rows, failures }: Judgement,
  files: Parameters<typeof uploadedRows>[1],
): Promise<DatasetProfile> {
  const declared = Object.entries(contract.columns).map(([name, { type, sensitive }]) => ({
    name,
    type,
    sensitive,
  }));
  const columns = await profileRows(database, uploadedRows(contract, files), declared);
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
