import { DeploymentCompleted, DeploymentRolledBack, TrafficShifted } from '#events/deployment.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { allTo, primaryVersion, sharesOf } from '../domain/routing.ts';
import type { Alarms, Release, ReleaseStore } from '../ports.ts';
import { factOf } from './facts.ts';
import { requireRelease, requireServable } from './releases.ts';
import type { ReleaseStep } from './start-canary.ts';

export interface EndCanaryDeps {
  readonly store: ReleaseStore;
  readonly alarms: Alarms;
  readonly clock: Clock;
}

const previousOf = (release: Release): { previousVersion?: number } => {
  const previous = primaryVersion(release.routingBefore ?? [])?.modelVersion;
  return previous === undefined ? {} : { previousVersion: previous };
};

const refOf = ({ project, releaseId, model, modelVersion }: Release) => ({
  project,
  releaseId,
  model,
  modelVersion,
});

/** All traffic to the version. Called again after it is done, it answers the same. */
export async function promoteVersion(
  deps: EndCanaryDeps,
  input: ReleaseStep & { endpointName: string },
): Promise<{ previousVersion?: number }> {
  const release = await requireServable(deps.store, input.project, input.releaseId);
  if (release.status === 'completed') return previousOf(release);
  const { modelVersion, model, artifact, signature, project, releaseId } = release;
  const versions = allTo({
    model,
    modelVersion,
    endpointName: input.endpointName,
    artifactSha256: artifact.sha256,
    signature,
    share: 1,
  });
  const at = deps.clock.now().toISOString();
  const fact = (what: string) => factOf(input.metadata, deps.clock, releaseId, what);
  await deps.store.commit({
    release: { ...release, status: 'completed', closedAt: at },
    releaseWas: release.status,
    routing: {
      before: await deps.store.readRouting(project),
      versions,
      reason: `promotion of version ${modelVersion}`,
      actor: 'deployment',
      at,
    },
    lease: { project, giveBack: releaseId },
    forgetAlarms: release.alarmNames ?? [],
    events: [
      TrafficShifted.create(fact('promoted'), {
        ...refOf(release),
        shares: sharesOf(versions),
        reason: 'promotion',
      }),
      DeploymentCompleted.create(fact('completed'), {
        ...refOf(release),
        endpointName: input.endpointName,
        ...previousOf(release),
      }),
    ],
  });
  await deps.alarms.remove(release.alarmNames ?? []);
  return previousOf(release);
}

/** The traffic goes where it went before the canary. Called again after it is done, it answers the same. */
export async function rollBackVersion(
  deps: EndCanaryDeps,
  input: ReleaseStep & { reason: string; alarms: readonly string[] },
): Promise<{ toVersion?: number }> {
  const release = await requireRelease(deps.store, input.project, input.releaseId);
  const { previousVersion } = previousOf(release);
  const result = previousVersion === undefined ? {} : { toVersion: previousVersion };
  if (release.status === 'rolled_back') return result;
  const { project, releaseId } = release;
  const at = deps.clock.now().toISOString();
  const versions = release.routingBefore ?? [];
  const shifted = release.status === 'canary';
  const fact = (what: string) => factOf(input.metadata, deps.clock, releaseId, what);
  await deps.store.commit({
    release: { ...release, status: 'rolled_back', closedAt: at, reason: input.reason },
    releaseWas: release.status,
    ...(shifted
      ? {
          routing: {
            before: await deps.store.readRouting(project),
            versions,
            reason: `rollback: ${input.reason}`.slice(0, 1000),
            actor: 'deployment',
            at,
          },
        }
      : {}),
    lease: { project, giveBack: releaseId },
    forgetAlarms: release.alarmNames ?? [],
    events: [
      ...(shifted
        ? [
            TrafficShifted.create(fact('back'), {
              ...refOf(release),
              shares: sharesOf(versions),
              reason: 'rollback',
            }),
          ]
        : []),
      DeploymentRolledBack.create(fact('rolled-back'), {
        ...refOf(release),
        reason: input.reason,
        alarms: [...input.alarms],
        automatic: true,
        ...result,
      }),
    ],
  });
  await deps.alarms.remove(release.alarmNames ?? []);
  return result;
}
