import type { EventMetadata } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { nextEntry } from '../domain/chain.ts';
import { type Fact, factName } from '../domain/facts.ts';
import { movesJourney } from '../domain/journey.ts';
import { fragmentOf, grownNode } from '../domain/lineage.ts';
import type { Append, GovernanceStore } from '../ports.ts';

/** Events of one project that come together take turns at the head of its chain; each turn one of them gets through. */
const maxAttempts = 25;

/** A journey’s item stays far below DynamoDB’s 400 KB; a longer story goes on in the audit log. */
const maxFactsPerJourney = 200;
const maxDataCharacters = 6000;

export interface AuditedEvent {
  readonly source: string;
  readonly detailType: string;
  readonly metadata: EventMetadata;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Appends an event to its project’s chain, and to its journey and the lineage graph where it belongs there: all or nothing, once. */
export async function appendEvent(
  deps: { store: GovernanceStore; clock: Clock; pause: (attempt: number) => Promise<void> },
  event: AuditedEvent,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await tryToAppend(deps, event);
      return;
    } catch (error) {
      if (!(error instanceof AppError && error.kind === 'conflict') || attempt === maxAttempts) throw error;
      await deps.pause(attempt);
    }
  }
}

async function tryToAppend(
  { store, clock }: { store: GovernanceStore; clock: Clock },
  event: AuditedEvent,
): Promise<void> {
  const { metadata, source, detailType, data } = event;
  const { project, eventId, occurredAt, correlationId } = metadata;
  const actor = `${metadata.actor.type}:${metadata.actor.id}`;
  const fact: Fact = {
    eventId,
    name: factName(detailType),
    occurredAt,
    project,
    correlationId,
    actor: metadata.actor.id,
    data: compact(data),
  };
  // The head comes first: what others append after it is read moves it, and this append is tried again.
  const head = await store.readHead(project);
  const [lineage, journey] = await Promise.all([
    grownLineage(store, { ...fact, data }),
    movesJourney({ ...fact, data }) ? store.readJourney(project, correlationId) : undefined,
  ]);
  const facts = [...(journey?.facts ?? []), fact];
  await store.append({
    project,
    head,
    entry: nextEntry(
      head,
      { eventId, source, detailType, occurredAt, correlationId, actor, data },
      clock.now().toISOString(),
    ),
    lineage,
    ...(movesJourney({ ...fact, data }) && facts.length <= maxFactsPerJourney
      ? {
          journey: {
            journeyId: correlationId,
            startedAt: facts[0]?.occurredAt ?? occurredAt,
            facts,
            was: journey?.revision ?? 0,
          },
        }
      : {}),
  });
}

/**
 * What the fact adds to the graph, with its nodes as they stand after it. Another event of the project that comes meanwhile moves
 * the chain's head, and this is read again.
 */
async function grownLineage(store: GovernanceStore, fact: Fact): Promise<Append['lineage']> {
  const { nodes = [], edges = [], marks = [], capture } = fragmentOf(fact);
  const ids = [...new Set([...nodes.map(({ id }) => id), ...marks.map(({ of }) => of)])];
  const known = ids.length > 0 ? await store.readNodes(fact.project, ids) : [];
  return {
    nodes: ids.map((id) =>
      grownNode(
        known.find((node) => node.id === id),
        id,
        {
          node: nodes.find((node) => node.id === id),
          marks: marks.filter(({ of }) => of === id).map(({ mark }) => mark),
        },
      ),
    ),
    edges,
    ...(capture ? { capture } : {}),
  };
}

/** Long lists (2,000 columns) are of no use in a one-line summary: their length is. */
function compact(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (JSON.stringify(data).length <= maxDataCharacters) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => {
      if (Array.isArray(value)) return [name, value.slice(0, 10)];
      return [name, JSON.stringify(value).length > maxDataCharacters / 4 ? {} : value];
    }),
  );
}
