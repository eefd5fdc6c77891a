import { join } from 'node:path';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { namedOutOfRoom } from '#shared/duckdb/out-of-room.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { CheckPlan, StoredOutcome } from '../domain/check-plan.ts';
import { hasContract } from '../domain/check-plan.ts';
import { checkVersion, profileFile, validatedFile } from './check-version.ts';
import { quarantineFile } from './judge-version.ts';
import { profileVersion } from './profile-version.ts';
import type { CheckPlace } from './version-check.ts';

/** Keeps a file of the place's folder where results stay. */
export type KeepResult = (path: string, contentType: string) => Promise<StoredObject>;

const parquet = 'application/vnd.apache.parquet';

/**
 * Does what a plan says on local disk, and keeps what comes of it: the same in a function and in a Processing job. What makes a
 * version uncheckable for good is an answer; OutOfRoom (unavailable) asks for more memory or disk.
 */
export async function runPlan(
  plan: CheckPlan,
  place: CheckPlace,
  keep: KeepResult,
): Promise<StoredOutcome['result']> {
  try {
    return hasContract(plan) ? await check(plan, place, keep) : await profile(plan, place, keep);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const unreadable = asUnreadable(error);
    if (unreadable) return unreadable;
    throw namedOutOfRoom(error);
  }
}

async function check(plan: CheckPlan, place: CheckPlace, keep: KeepResult): Promise<StoredOutcome['result']> {
  const { profile: _profile, ...outcome } = await checkVersion(plan.check, place);
  const validated =
    outcome.verdict === 'Fail' ? undefined : await keep(join(place.folder, validatedFile), parquet);
  const quarantine =
    outcome.quarantinedRows > 0 ? await keep(join(place.folder, quarantineFile), parquet) : undefined;
  return {
    kind: 'checked',
    outcome,
    profile: await keep(join(place.folder, profileFile), 'application/json'),
    ...(validated ? { validated } : {}),
    ...(quarantine ? { quarantine } : {}),
  };
}

async function profile(
  plan: CheckPlan,
  place: CheckPlace,
  keep: KeepResult,
): Promise<StoredOutcome['result']> {
  const { check: version, target, newestRowsAt: uploadedAt } = plan;
  const { primaryKey, eventTime } = version.contract;
  const { profile: found, suggested } = await profileVersion(version, place, {
    primaryKey,
    eventTime,
    target,
    uploadedAt,
  });
  return {
    kind: 'profiled',
    rows: found.rows,
    suggested,
    profile: await keep(join(place.folder, profileFile), 'application/json'),
  };
}

/** The objects are not what was recorded, or cannot be read as it says. */
function asUnreadable(error: Error): StoredOutcome['result'] | undefined {
  if (!(error instanceof AppError) || error.kind === 'unavailable' || error.kind === 'throttled')
    return undefined;
  const observed = error.message.slice(0, 1000);
  return { kind: 'unreadable', observed, expected: 'objects as they were stored, that can be read' };
}
