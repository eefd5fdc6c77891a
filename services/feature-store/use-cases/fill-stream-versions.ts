import type * as z from 'zod';
import type { FeaturesDefined } from '#events/feature-store.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { microsecondsOfDate } from '#shared/kernel/microseconds.ts';
import { firstNeeded } from '../domain/first-needed.ts';
import { isClaimed } from '../domain/stream-fill.ts';
import { isStreamView, keptVersions, type StreamView } from '../domain/stream-records.ts';
import type {
  DefinitionStore,
  EarlierRecords,
  EarlierValues,
  FeatureErasureStore,
  RecordFiles,
  StreamFills,
} from '../ports.ts';

export interface FillStreamVersionsDeps {
  readonly definitions: Pick<DefinitionStore, 'projects' | 'viewsOf' | 'viewVersions'>;
  readonly files: Pick<RecordFiles, 'list'>;
  readonly records: EarlierRecords;
  readonly values: EarlierValues;
  readonly fills: StreamFills;
  readonly erasures: Pick<FeatureErasureStore, 'running'>;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly wait: (milliseconds: number) => Promise<unknown>;
}

/**
 * After so long no record is on its way any more that was taken for an older version: whoever takes records goes on for a minute at most, and
 * landing takes some seconds.
 */
const stragglersMs = 90_000;
/** A version is known to those who take records at most so long after its time of creation, and that is over too. */
const settledMs = 5 * 60_000;
/** Nothing that fills runs longer: Lambda ends it before. */
const claimMs = 16 * 60_000;

/**
 * Fills the online values of versions that a revision brought with the records from before them, once those have landed. May be stopped at
 * any step and begun anew: an entity gets its earlier records once. Answers how many versions were filled. Throws FeatureErasureRunning
 * (unavailable), StreamFillChanged (conflict), ViewTooLarge, WindowStateTooLarge, OnlineStoreBusy.
 */
export async function fillDefinedVersions(
  deps: FillStreamVersionsDeps,
  { project, views }: Pick<z.output<typeof FeaturesDefined.data>, 'project' | 'views'>,
): Promise<number> {
  const isAfterOthers = ({ isNew, version }: (typeof views)[number]) => isNew && version > 1;
  const versions = await Promise.all(
    views.filter(isAfterOthers).map(({ view }) => fillable(deps, project, view)),
  );
  const due = versions.flat();
  if (due.length > 0) await deps.wait(stragglersMs);
  return fillEach(deps, due);
}

/** The same for all versions of all projects that were not filled when they were new. */
export async function fillLeftVersions(deps: FillStreamVersionsDeps): Promise<number> {
  const settledAt = new Date(deps.clock.now().getTime() - settledMs).toISOString();
  let filled = 0;
  for (const project of await deps.definitions.projects())
    for (const { version } of await deps.definitions.viewsOf(project)) {
      if (!isStreamView(version)) continue;
      const due = await fillable(deps, project, version.view);
      filled += await fillEach(
        deps,
        due.filter(({ createdAt }) => createdAt < settledAt),
      );
    }
  return filled;
}

/** Versions of a view that records are written to, and that had versions before them. */
async function fillable(
  { definitions }: FillStreamVersionsDeps,
  project: string,
  view: string,
): Promise<readonly StreamView[]> {
  const versions = (await definitions.viewVersions(project, view)).slice(-keptVersions).filter(isStreamView);
  return versions.filter(({ version, online }) => version > 1 && online !== false);
}

async function fillEach(deps: FillStreamVersionsDeps, versions: readonly StreamView[]): Promise<number> {
  let filled = 0;
  for (const version of versions) filled += await fill(deps, version);
  return filled;
}

async function fill(deps: FillStreamVersionsDeps, version: StreamView): Promise<number> {
  const { fills, clock, ids } = deps;
  const before = await fills.find(version);
  if (before?.completedAt !== undefined || isClaimed(before, clock.now())) return 0;
  const claimedUntil = new Date(clock.now().getTime() + claimMs).toISOString();
  const claim = ids.next();
  const claimed = { claim, claimedUntil };
  await fills.save(version, before, claimed);
  try {
    const entities = await addEarlier(deps, version);
    await fills.save(version, claimed, { claim, completedAt: clock.now().toISOString(), entities });
    return 1;
  } catch (error) {
    await fills.save(version, claimed, { claim });
    throw error;
  }
}

async function addEarlier(deps: FillStreamVersionsDeps, version: StreamView): Promise<number> {
  const { project, view } = version;
  // An erasure that begins later finds the claim and waits: what was read before it is not written after it.
  if (await deps.erasures.running(project))
    throw new AppError(
      'unavailable',
      'FeatureErasureRunning',
      `Entities of '${project}' are being erased. Version ${version.version} of '${view}' is filled with earlier records within an hour after that.`,
    );
  const asOf = deps.clock.now();
  const first = firstNeeded(version, asOf.toISOString());
  const landed = await deps.files.list(project, view);
  let entities = 0;
  await deps.records.each(
    version,
    landed.filter(({ lastAvailableAt }) => lastAvailableAt >= first),
    asOf.toISOString(),
    async (some) => {
      await deps.values.add(version, some, microsecondsOfDate(asOf));
      entities += some.length;
    },
  );
  return entities;
}
