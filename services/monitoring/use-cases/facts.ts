import { type Actor, type EventMetadata, startingJourney } from '#shared/contracts/event.ts';

export const monitoringActor: Actor = { type: 'service', id: 'monitoring' };

/**
 * Metadata of a fact that monitoring found about a window. What follows from a finding is a story of its own, apart from the
 * batch that happened to close the window: the journey is the window's. The id follows from the window, so that a finding that
 * is written twice is published once.
 */
export function findingOf(
  window: { readonly project: string; readonly windowId: string },
  what: string,
  found: {
    readonly at: Date;
    readonly actor?: Actor | undefined;
    readonly cause?: EventMetadata | undefined;
  },
): EventMetadata {
  const own = startingJourney({
    eventId: `${window.windowId}-${what}`,
    occurredAt: found.at,
    project: window.project,
    actor: found.actor ?? monitoringActor,
    correlationId: window.windowId,
  });
  return found.cause ? { ...own, causationId: found.cause.eventId } : own;
}
