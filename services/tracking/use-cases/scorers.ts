import { type Caller, hasRole } from '#shared/contracts/caller.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import {
  assertScorer,
  type Scorer,
  type ScorerVersion,
  scorerNotFound,
  versionOf,
  withVersion,
} from '../domain/scorer.ts';
import type { ExperimentStore } from '../ports/experiment-store.ts';
import type { Heads } from '../ports/heads.ts';
import type { Revision } from '../ports/revisions.ts';
import type { ScorerStore } from '../ports/scorers.ts';
import { activeExperimentFor, experimentFor } from './heads.ts';
import { type RetryDeps, repeating } from './repeating.ts';

export interface ScorerDeps extends RetryDeps {
  readonly scorers: ScorerStore;
  readonly experiments: Pick<ExperimentStore, 'list'>;
  readonly heads: Heads;
  readonly clock: Clock;
  /** A UUID. */
  readonly newScorerId: () => string;
}

/** A scorer in one of its versions. */
export interface VersionedScorer {
  readonly scorer: Scorer;
  readonly version: ScorerVersion;
}

const patience = { attempts: 30, firstPauseMs: 5, longestPauseMs: 250 };

/** Adds the next version of a scorer, the first of a new one. Throws ExperimentNotFound, RoleMissing, ExperimentDeleted, InvalidParameter. */
export async function registerScorer(
  deps: ScorerDeps,
  caller: Caller,
  { experimentId, name, serialized }: { experimentId: string; name: string; serialized: string },
): Promise<VersionedScorer> {
  assertScorer(name, serialized);
  await activeExperimentFor(deps.heads, caller, experimentId);
  const scorer = await changeScorer(deps, experimentId, name, (found) =>
    withVersion(
      found ?? { scorerId: deps.newScorerId(), experimentId, name, versions: [] },
      serialized,
      deps.clock.now().getTime(),
    ),
  );
  return { scorer, version: versionOf(scorer, undefined) };
}

/** The newest version of each scorer of one experiment. Throws ExperimentNotFound. */
export async function listScorersOf(
  deps: ScorerDeps,
  caller: Caller,
  experimentId: string,
): Promise<VersionedScorer[]> {
  await experimentFor(deps.heads, caller, 'viewer', experimentId);
  return newestOf(deps, [experimentId]);
}

/** The same of several active experiments, or of all, by experiment and name; those that the caller may not see are left out. */
export async function listScorers(
  deps: ScorerDeps,
  caller: Caller,
  experimentIds: readonly string[] | undefined,
): Promise<VersionedScorer[]> {
  const wanted = experimentIds && new Set(experimentIds);
  const visible = (await deps.experiments.list('active')).filter(
    ({ experimentId, project }) =>
      hasRole(caller, 'viewer', project) && (wanted === undefined || wanted.has(experimentId)),
  );
  return newestOf(deps, visible.map(({ experimentId }) => experimentId).sort());
}

async function newestOf(
  { scorers }: ScorerDeps,
  experimentIds: readonly string[],
): Promise<VersionedScorer[]> {
  const lists = await Promise.all(experimentIds.map((id) => scorers.ofExperiment(id)));
  return lists.flat().flatMap((scorer) => {
    const version = scorer.versions.at(-1);
    return version ? [{ scorer, version }] : [];
  });
}

/** A scorer with its versions. Throws ExperimentNotFound, ScorerNotFound. */
export async function readScorer(
  { scorers, heads }: ScorerDeps,
  caller: Caller,
  experimentId: string,
  name: string,
): Promise<Scorer> {
  await experimentFor(heads, caller, 'viewer', experimentId);
  const found = await scorers.read(experimentId, name);
  if (!found || found.value.versions.length === 0) throw scorerNotFound(experimentId, name);
  return found.value;
}

/** Deletes one version of a scorer, or all of it. Throws ExperimentNotFound, RoleMissing, ExperimentDeleted, ScorerNotFound. */
export async function deleteScorer(
  deps: ScorerDeps,
  caller: Caller,
  experimentId: string,
  name: string,
  version: number | undefined,
): Promise<void> {
  await activeExperimentFor(deps.heads, caller, experimentId);
  if (version === undefined) {
    await readScorer(deps, caller, experimentId, name);
    await deps.scorers.delete(experimentId, name);
    return;
  }
  await changeScorer(deps, experimentId, name, (found) => {
    if (!found) throw scorerNotFound(experimentId, name, version);
    versionOf(found, version);
    return { ...found, versions: found.versions.filter((each) => each.version !== version) };
  });
}

/** Throws WriteBusy, and what `change` throws. */
async function changeScorer(
  deps: ScorerDeps,
  experimentId: string,
  name: string,
  change: (scorer: Scorer | undefined) => Scorer,
): Promise<Scorer> {
  const busy = () =>
    new AppError(
      'throttled',
      'WriteBusy',
      `Too many clients write to the scorer '${name}' at the same time. Try again.`,
      { retryAfterSeconds: 1 },
    );
  return repeating(deps, patience, busy, async () => {
    const before: Revision<Scorer> | undefined = await deps.scorers.read(experimentId, name);
    const after = change(before?.value);
    return (await deps.scorers.write(after, before)) ? after : undefined;
  });
}
