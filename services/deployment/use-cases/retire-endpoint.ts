import { EndpointRetired } from '#events/deployment.ts';
import { type EventMetadata, startingJourney } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { isRouted } from '../domain/routing.ts';
import type { Endpoint, Hosting, ReleaseStore } from '../ports.ts';
import { deploymentActor, factOf } from './facts.ts';

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
 * The hourly round: endpoints whose event was lost are asked after, and endpoints that have had no traffic for longer than their
 * grace time (left behind by a manual rollback or a stopped execution) are deleted.
 */
export function idleEndpoints(
  endpoints: readonly Endpoint[],
  routed: (endpoint: Endpoint) => boolean,
  nowMs: number,
): Endpoint[] {
  return endpoints.filter(
    (endpoint) =>
      ['in_service', 'failed'].includes(endpoint.status) &&
      !routed(endpoint) &&
      nowMs - Date.parse(endpoint.changedAt) > endpoint.graceSeconds * 1000,
  );
}
