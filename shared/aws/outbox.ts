import type { DomainEvent } from '#shared/contracts/event.ts';
import { type Clock, epochSeconds, systemClock } from '#shared/kernel/clock.ts';

/** Partition keys of outbox items begin so; the stream mapping of every service table filters on it. */
export const outboxPrefix = 'OUTBOX#';

/** Kept a week after publication, so that the last facts of a service can be looked at and replayed by hand. */
const outboxSeconds = 7 * 86_400;
/** Longer than EventBridge (24 h) or anybody’s replay from the outbox can redeliver. */
const inboxSeconds = 30 * 86_400;

export interface OutboxItem extends Record<string, unknown> {
  readonly pk: string;
  readonly sk: 'OUTBOX';
  readonly source: string;
  readonly detailType: string;
  /** JSON of `detail`. */
  readonly detail: string;
  readonly expiresAt: number;
}

/** The item that, written in the same transaction as the state, makes a fact certain to be published. */
export function outboxItem(event: DomainEvent, clock: Clock = systemClock): OutboxItem {
  return {
    pk: `${outboxPrefix}${event.detail.metadata.eventId}`,
    sk: 'OUTBOX',
    source: event.source,
    detailType: event.detailType,
    detail: JSON.stringify(event.detail),
    expiresAt: epochSeconds(clock.now()) + outboxSeconds,
  };
}

/** The item that, written in the same transaction as a consumer’s change, makes a second delivery change nothing. */
export function inboxItem(consumed: { consumer: string; eventId: string }, clock: Clock = systemClock) {
  return {
    ...inboxKey(consumed),
    expiresAt: epochSeconds(clock.now()) + inboxSeconds,
  };
}

/** Where it lies that a consumer has consumed an event. */
export const inboxKey = ({ consumer, eventId }: { consumer: string; eventId: string }) => ({
  pk: `INBOX#${consumer}#${eventId}`,
  sk: 'INBOX',
});
