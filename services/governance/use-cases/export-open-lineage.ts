import type { OpenLineageEvent } from '#services/governance/contract.ts';
import type { AuditEntry } from '../domain/chain.ts';
import { type Fact, factName } from '../domain/facts.ts';
import { openLineageEventsOf } from '../domain/open-lineage/events.ts';
import type { OpenLineagePlatform } from '../domain/open-lineage/parts.ts';
import type { GovernanceStore } from '../ports.ts';

/** A Lambda function answers at most 6 MB; events of 2,000 columns have 200 KB. */
const maxCharacters = 3_000_000;

/** One page of a project's history as OpenLineage events, oldest first. Throws InvalidPageToken. */
export async function exportOpenLineage(
  { store, platform }: { store: GovernanceStore; platform: OpenLineagePlatform },
  project: string,
  { pageToken, limit }: { pageToken?: string | undefined; limit: number },
): Promise<{ events: OpenLineageEvent[]; nextPageToken?: string }> {
  const page = await store.listEntries(project, {
    newestFirst: false,
    limit,
    ...(pageToken ? { pageToken } : {}),
  });
  const events: OpenLineageEvent[] = [];
  let characters = 0;
  for (const [index, entry] of page.items.entries()) {
    const told = openLineageEventsOf(factOf(project, entry), platform);
    events.push(...told);
    characters += JSON.stringify(told).length;
    if (characters > maxCharacters && index + 1 < page.items.length)
      return { events, nextPageToken: store.pageBehind(project, entry.sequence) };
  }
  return { events, ...(page.nextPageToken ? { nextPageToken: page.nextPageToken } : {}) };
}

const factOf = (project: string, entry: AuditEntry): Fact => ({
  eventId: entry.eventId,
  name: factName(entry.detailType),
  occurredAt: entry.occurredAt,
  project,
  correlationId: entry.correlationId,
  // `user:ada`: what kind of actor it was stands before the id.
  actor: entry.actor.slice(entry.actor.indexOf(':') + 1),
  data: entry.data,
});
