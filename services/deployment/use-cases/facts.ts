import { type Actor, causedBy, type EventMetadata } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';

export const deploymentActor: Actor = { type: 'service', id: 'deployment' };

/**
 * Metadata of a fact of a release. The id follows from the release and the kind of fact, so that a step that runs twice
 * writes the same outbox item instead of publishing twice.
 */
export function factOf(
  cause: EventMetadata,
  clock: Clock,
  releaseId: string,
  what: string,
  actor: Actor = deploymentActor,
): EventMetadata {
  return causedBy(cause, { eventId: `${releaseId}-${what}`, occurredAt: clock.now(), actor });
}
