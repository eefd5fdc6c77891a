import { type Caller, hasRole } from '#shared/contracts/caller.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { assertScorer, type Scorer, type ScorerVersion, scorerNotFound, versionOf, withVersion } from '../domain/scorer.ts';
import type { Heads } from '../ports/heads.ts';
import type { Revision } from '../ports/revisions.ts';
import type { ScorerStore } from '../ports/scorers.ts';
import type { RetryDeps } from './change-revision.ts';
import { activeExperimentFor, experimentFor } from './heads.ts';

export interface ScorerDeps extends RetryDeps {
  readonly scorers: ScorerStore;
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

const maxAttempts = 30;

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

/** The newest version of each scorer of experiments that the caller may see, by experiment and name. */
export async function listScorers(
  { scorers, heads }: ScorerDeps,
  caller: Caller,
  experimentIds: readonly string[],
): Promise<VersionedScorer[]> {
  const found = await Promise.all([...new Set(experimentIds)].sort().map((id) => heads.experiment(id)));
  const visible = found.filter(
    (head) => head !== undefined && head.lifecycleStage === 'active' && hasRole(caller, 'viewer', head.project),
  );
  const lists = await Promise.all(visible.map((head) => scorers.ofExperiment(head!.experimentId)));
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
  { scorers, random, pause }: ScorerDeps,
  experimentId: string,
  name: string,
  change: (scorer: Scorer | undefined) => Scorer,
): Promise<Scorer> {
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const before: Revision<Scorer> | undefined = await scorers.read(experimentId, name);
    const after = change(before?.value);
    if (await scorers.write(after, before)) return after;
    await pause(random() * Math.min(250, 5 * 2 ** Math.min(attempt, 6)));
  }
  throw new AppError(
    'throttled',
    'WriteBusy',
    `Too many clients write to the scorer '${name}' at the same time. Try again.`,
    { retryAfterSeconds: 1 },
  );
}
