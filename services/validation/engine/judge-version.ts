import { join } from 'node:path';
import { type DuckDb, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { type RowCheck, rowChecksOf } from './compile/row-checks.ts';
import { type Judgement, type JudgeOptions, judgeRows, writeQuarantine } from './judge-rows.ts';
import { RowCompiler } from './judged-rows.ts';
import { findSurroundings } from './surroundings.ts';
import type { CheckPlace, VersionCheck } from './version-check.ts';
import { openObjects } from './version-rows.ts';

export const quarantineFile = 'quarantine.parquet';

/** With more columns, one thread: each holds some 100 KB per column. */
const maxColumnsOfThreads = 500;

/** Judges all rows of a version and writes those in quarantine: the first half of `checkVersion`. */
export const judgeVersion = (check: VersionCheck, place: CheckPlace): Promise<Judgement> =>
  withVersion(check, place, async (database, options) => (await judge(database, options)).judged);

/** Opens a database that sees the objects of a version and the other versions that it is held against. */
export function withVersion<Result>(
  check: VersionCheck,
  place: CheckPlace,
  run: (database: DuckDb, options: JudgeOptions) => Promise<Result>,
): Promise<Result> {
  const others = [...Object.values(check.lookups), ...Object.values(check.comparisons)];
  const uris = [...check.objects.map(({ uri }) => uri), ...others.map(({ validated }) => validated.uri)];
  const threads = Object.keys(check.contract.columns).length > maxColumnsOfThreads ? 1 : place.threads;
  const { folder, memoryMb } = place;
  const settings = { folder, functionMemoryMb: memoryMb, threads, readable: uris.map(place.pathOf) };
  return withDuckDb(settings, async (database) => run(database, await prepare(database, check, place)));
}

/** Judges the rows; `quarantine` is the path of those in quarantine, absent where there are none. */
export async function judge(
  database: DuckDb,
  options: JudgeOptions,
): Promise<{ readonly judged: Judgement; readonly quarantine: string | undefined }> {
  const judged = await judgeRows(database, options);
  if (judged.quarantinedRows === 0) return { judged, quarantine: undefined };
  const quarantine = join(options.folder, quarantineFile);
  await writeQuarantine(database, options, quarantine);
  return { judged, quarantine };
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
