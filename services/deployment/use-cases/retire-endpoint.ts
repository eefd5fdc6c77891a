import { EndpointRetired } from '#events/deployment.ts';
import { type EventMetadata, startingJourney } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { isRouted } from '../domain/routing.ts';
import type { Endpoint, Hosting, ReleaseStore } from '../ports.ts';
import { deploymentActor, factOf } from './facts.ts';
import { hasEnded } from './releases.ts';

export interface RetireEndpointDeps {
  readonly store: ReleaseStore;
  readonly hosting: Hosting;
  readonly clock: Clock;
}

/** Deletes a version’s endpoint unless it gets traffic. */
export async function retireEndpoint(
  deps: RetireEndpointDeps,
  endpointName: string,
  cause?: EventMetadata,
): Promise<boolean> {
  const endpoint = await deps.store.readEndpoint(endpointName);
  if (!endpoint || endpoint.status === 'retired') return false;
  const routing = await deps.store.readRouting(endpoint.project);
  if (isRouted(routing?.versions ?? [], endpoint.modelVersion)) return false;
  await deps.hosting.remove(endpointName);
  const { taskToken: _answered, ...rest } = endpoint;
  const { project, releaseId, model, modelVersion } = endpoint;
  await deps.store.commit({
    endpoint: { ...rest, status: 'retired', changedAt: deps.clock.now().toISOString() },
    events: [
      EndpointRetired.create(metadataOf(deps.clock, endpoint, cause), {
        project,
        releaseId,
        model,
        modelVersion,
        endpointName,
      }),
    ],
  });
  return true;
}

function metadataOf(clock: Clock, endpoint: Endpoint, cause: EventMetadata | undefined): EventMetadata {
  const what = `retired-v${endpoint.modelVersion}`;
  if (cause) return factOf(cause, clock, endpoint.releaseId, what);
  return startingJourney({
    eventId: `${endpoint.releaseId}-${what}`,
    occurredAt: clock.now(),
    project: endpoint.project,
    actor: deploymentActor,
  });
}

/**
 * The hourly round: deletes endpoints that have had no traffic for longer than their grace time, left behind by a manual rollback
 * or a stopped execution, and returns their names. Those of releases under way are left alone: traffic may be on its way to them.
 */
export async function retireIdleEndpoints(deps: RetireEndpointDeps): Promise<string[]> {
  const retired: string[] = [];
  for (const endpoint of await deps.store.listEndpoints()) {
    if (!(await isIdle(deps, endpoint))) continue;
    if (await retireEndpoint(deps, endpoint.endpointName)) retired.push(endpoint.endpointName);
  }
  return retired;
}

async function isIdle({ store, clock }: RetireEndpointDeps, endpoint: Endpoint): Promise<boolean> {
  if (endpoint.status !== 'in_service' && endpoint.status !== 'failed') return false;
  const [routing, release] = await Promise.all([
    store.readRouting(endpoint.project),
    store.readRelease(endpoint.project, endpoint.releaseId),
  ]);
  if (isRouted(routing?.versions ?? [], endpoint.modelVersion)) return false;
  if (release && !hasEnded(release)) return false;
  // It lost its traffic with the newest change of the routing, or before.
  const idleSinceMs = Math.max(
    Date.parse(endpoint.changedAt),
    Date.parse(routing?.updatedAt ?? endpoint.changedAt),
  );
  return clock.now().getTime() - idleSinceMs > endpoint.graceSeconds * 1000;
}
