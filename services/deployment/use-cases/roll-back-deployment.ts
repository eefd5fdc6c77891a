import { DeploymentRolledBack, TrafficShifted } from '#events/deployment.ts';
import { type Actor, startingJourney } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { allTo, primaryVersion, sharesOf } from '../domain/routing.ts';
import type { Release, ReleaseStore, ServableRelease } from '../ports.ts';
import { isServable } from './releases.ts';

export interface RollBackDeps {
  readonly store: ReleaseStore;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly endpointName: (project: string, modelVersion: number) => string;
}

/** A person sends all traffic back to the version that served before. The demoted endpoint is retired by the hourly round. */
export async function rollBackDeployment(
  deps: RollBackDeps,
  input: { project: string; reason: string; by: string },
): Promise<{ fromVersion: number; toVersion: number }> {
  const { project } = input;
  const [routing, holder, releases] = await Promise.all([
    deps.store.readRouting(project),
    deps.store.readLease(project),
    deps.store.listReleases(project, 100),
  ]);
  if (holder)
    throw new AppError(
      'conflict',
      'RolloutInProgress',
      `Release ${holder} of '${project}' is baking. Wait until it ends; a canary rolls back by itself when an alarm fires.`,
    );
  const current = primaryVersion(routing?.versions ?? []);
  if (!routing || !current)
    throw new AppError(
      'not_found',
      'NothingDeployed',
      `Project '${project}' serves no version: there is nothing to roll back.`,
    );
  const target = await lastGood(deps, releases, current.modelVersion);
  const actor: Actor = { type: 'user', id: input.by };
  const { model, modelVersion, releaseId } = target;
  const versions = allTo({
    model,
    modelVersion,
    endpointName: deps.endpointName(project, modelVersion),
    artifactSha256: target.artifact.sha256,
    signature: target.signature,
    share: 1,
  });
  const ref = { project, releaseId, model, modelVersion: current.modelVersion };
  const at = deps.clock.now();
  const first = startingJourney({ eventId: deps.ids.next(), occurredAt: at, project, actor });
  const second = { ...first, eventId: deps.ids.next(), causationId: first.eventId };
  await deps.store.commit({
    routing: {
      before: routing,
      versions,
      reason: `rollback: ${input.reason}`,
      actor: input.by,
      at: at.toISOString(),
    },
    events: [
      TrafficShifted.create(first, { ...ref, shares: sharesOf(versions), reason: 'rollback' }),
      DeploymentRolledBack.create(second, {
        ...ref,
        reason: input.reason,
        alarms: [],
        automatic: false,
        toVersion: modelVersion,
      }),
    ],
  });
  return { fromVersion: current.modelVersion, toVersion: modelVersion };
}

/** The newest completed release before the current version whose endpoint still stands. */
async function lastGood(
  deps: RollBackDeps,
  releases: readonly Release[],
  currentVersion: number,
): Promise<ServableRelease> {
  const candidates = releases
    .filter(isServable)
    .filter((release) => release.status === 'completed' && release.modelVersion !== currentVersion)
    .sort((a, b) => (b.closedAt ?? '').localeCompare(a.closedAt ?? ''));
  for (const release of candidates) {
    const endpoint = await deps.store.readEndpoint(deps.endpointName(release.project, release.modelVersion));
    if (endpoint?.status === 'in_service') return release;
  }
  throw new AppError(
    'precondition_failed',
    'NothingToRollBackTo',
    'No version that served before has an endpoint any more: its grace time is over. Ask for a training, or release an older version again.',
  );
}
