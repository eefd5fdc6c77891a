import { TrafficShifted } from '#events/deployment.ts';
import { predictionPsiMetric } from '#services/monitoring/contract.ts';
import { servingMetrics } from '#services/predictions/contract.ts';
import type { EventMetadata } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { canaryAlarms } from '../domain/canary-alarms.ts';
import { type isRouted, primaryVersion, sharesOf, withCanary } from '../domain/routing.ts';
import type { Alarms, Release, ReleaseStore } from '../ports.ts';
import { factOf } from './facts.ts';
import { requireServable } from './releases.ts';

export interface StartCanaryDeps {
  readonly store: ReleaseStore;
  readonly alarms: Alarms;
  readonly clock: Clock;
  readonly stage: string;
}

export interface ReleaseStep {
  readonly project: string;
  readonly releaseId: string;
  readonly metadata: EventMetadata;
}

const { service } = servingMetrics;
const canaryMetrics = {
  errorRate: { service, name: servingMetrics.errorRate },
  latencyMs: { service, name: servingMetrics.latencyMs },
  predictionPsi: predictionPsiMetric,
};

/** Takes the project’s lease, creates the alarms, then shifts traffic: never traffic without alarms. Throws RolloutInProgress. */
export async function startCanary(deps: StartCanaryDeps, input: ReleaseStep & { endpointName: string }) {
  const release = await requireServable(deps.store, input.project, input.releaseId);
  await deps.store.commit({ lease: { project: release.project, take: release.releaseId }, events: [] });
  const routing = await deps.store.readRouting(release.project);
  const current = routing?.versions ?? [];
  if (release.status === 'canary') return resultOf(release, current);
  const { model, modelVersion, artifact, signature, deployment, project, releaseId } = release;
  const alarms = canaryAlarms(deps.stage, { project, modelVersion }, deployment.canary, canaryMetrics);
  await deps.alarms.create(alarms);
  const versions = withCanary(
    current,
    { model, modelVersion, endpointName: input.endpointName, artifactSha256: artifact.sha256, signature },
    deployment.canary.trafficShare,
  );
  const alarmNames = alarms.map((alarm) => alarm.alarmName);
  const canary: Release = { ...release, status: 'canary', routingBefore: current, alarmNames };
  const reason = current.length === 0 ? 'first version' : `canary of version ${modelVersion}`;
  await deps.store.commit({
    release: canary,
    releaseWas: release.status,
    routing: { before: routing, versions, reason, actor: 'deployment', at: deps.clock.now().toISOString() },
    watchAlarms: { alarmNames, project, releaseId },
    events: [
      TrafficShifted.create(factOf(input.metadata, deps.clock, releaseId, 'canary'), {
        project,
        releaseId,
        model,
        modelVersion,
        shares: sharesOf(versions),
        reason,
      }),
    ],
  });
  return resultOf(canary, versions);
}

function resultOf(release: Release, versions: Parameters<typeof isRouted>[0]) {
  const previousVersion = primaryVersion(release.routingBefore ?? [])?.modelVersion;
  return {
    share: versions.find((version) => version.modelVersion === release.modelVersion)?.share ?? 0,
    ...(previousVersion === undefined ? {} : { previousVersion }),
    alarmNames: [...(release.alarmNames ?? [])],
  };
}
