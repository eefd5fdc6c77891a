import type { DeliveredEvent } from '#shared/contracts/event.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { deliveryBody } from '../domain/webhook-events.ts';
import type {
  DeliveryLog,
  DeliveryOutcome,
  Webhook,
  WebhookSender,
  WebhookStore,
} from '../ports/webhooks.ts';
import { type WebhookChange, webhookChangeOf } from './webhook-changes.ts';

export interface DeliverDeps {
  readonly webhooks: WebhookStore;
  readonly deliveries: DeliveryLog;
  readonly sender: WebhookSender;
  /** Waits before the try of this number, from 2 on. */
  readonly pause: (attempt: number) => Promise<void>;
  /** Tells the operators what came of a delivery. */
  readonly report: (delivery: { webhookId: string; deliveryId: string; outcome: DeliveryOutcome }) => void;
}

/** Tries within one call; the event comes again after that. */
const attempts = 3;

/**
 * Tells every webhook that asked for it what a fact means, each once however often the fact comes. Throws WebhooksUnreachable
 * (unavailable) when a receiver could not take it now.
 */
export async function deliverChange(deps: DeliverDeps, delivered: DeliveredEvent): Promise<void> {
  const told = webhookChangeOf(delivered);
  if (!told) return;
  const { eventId, occurredAt, change } = told;
  const wanted = (await deps.webhooks.list()).filter(
    ({ status, events }) => status === 'ACTIVE' && events.includes(change.event),
  );
  const body = deliveryBody(change.event, occurredAt, change.payload);
  const taken = await Promise.all(
    wanted.map((webhook) => deliver(deps, webhook, deliveryIdOf(webhook, eventId, change), body)),
  );
  const failed = wanted.filter((_webhook, index) => !taken[index]);
  if (failed.length === 0) return;
  throw new AppError(
    'unavailable',
    'WebhooksUnreachable',
    `Webhooks did not take a delivery: ${failed.map(({ name }) => name).join(', ')}. It is tried again; after the last try it is in the dead-letter queue.`,
  );
}

/** The same for the same fact, so that receivers can tell a second delivery; in the form of a UUID. */
function deliveryIdOf({ webhookId }: Webhook, eventId: string, { event }: WebhookChange): string {
  const hash = sha256Hex(`${webhookId} ${eventId} ${event}`);
  const part = (from: number, to: number) => hash.slice(from, to);
  return `${part(0, 8)}-${part(8, 12)}-8${part(13, 16)}-a${part(17, 20)}-${part(20, 32)}`;
}

/** Whether the receiver took it, now or before, or refused it for good. */
async function deliver(
  { webhooks, deliveries, sender, pause, report }: DeliverDeps,
  { webhookId, url }: Webhook,
  deliveryId: string,
  body: string,
): Promise<boolean> {
  if (await deliveries.isDelivered(deliveryId)) return true;
  const secret = await webhooks.readSecret(webhookId);
  for (let attempt = 1; attempt <= attempts; attempt++) {
    if (attempt > 1) await pause(attempt);
    const outcome = await sender.send({ url, deliveryId, body, secret });
    report({ webhookId, deliveryId, outcome });
    if (isWorthRepeating(outcome)) continue;
    await deliveries.markDelivered(deliveryId);
    return true;
  }
  return false;
}

/** Another answer says that the receiver looked at it: asking again would bring the same. */
const isWorthRepeating = (outcome: DeliveryOutcome): boolean =>
  outcome.kind === 'unreachable' || [408, 425, 429].includes(outcome.status) || outcome.status >= 500;
