import { type Caller, requireRole } from '#shared/contracts/caller.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { decodePageToken, encodePageToken, invalidPageToken, type Page } from '#shared/kernel/paging.ts';
import {
  deliveryBody,
  type EventNames,
  type WebhookEvent,
  webhookEventOf,
  webhookEvents,
} from '../domain/webhook-events.ts';
import { assertWebhookName, assertWebhookTexts, assertWebhookUrl } from '../domain/webhook-settings.ts';
import type { DeliveryOutcome, Webhook, WebhookSender, WebhookStore } from '../ports/webhooks.ts';

export interface WebhookDeps {
  readonly webhooks: WebhookStore;
  readonly sender: WebhookSender;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  /** Plain http is allowed: on the laptop. */
  readonly plainHttp: boolean;
}

export interface WebhookSettings {
  readonly name?: string | undefined;
  readonly url?: string | undefined;
  readonly description?: string | undefined;
  readonly events: readonly EventNames[];
  readonly secret?: string | undefined;
  readonly status?: Webhook['status'] | undefined;
}

/** Each change of the registry reads all of them. */
const maxWebhooks = 100;
const pageSize = 100;
const maxPageSize = 1000;

/** Webhooks see the models of all projects. Throws RoleMissing. */
const assertAdmin = (caller: Caller): void => requireRole(caller, 'admin', '*');

/** Throws RoleMissing, InvalidParameter, TooManyWebhooks. */
export async function createWebhook(
  deps: WebhookDeps,
  caller: Caller,
  settings: WebhookSettings & { readonly name: string; readonly url: string },
): Promise<Webhook> {
  assertAdmin(caller);
  if (settings.events.length === 0) throw invalid("Missing value for required parameter 'events'.");
  assertSettings(deps, settings);
  if ((await deps.webhooks.list()).length >= maxWebhooks)
    throw new AppError(
      'precondition_failed',
      'TooManyWebhooks',
      `There are ${maxWebhooks} webhooks, and no more are allowed. Delete one first.`,
    );
  const now = deps.clock.now().toISOString();
  const webhook: Webhook = {
    webhookId: deps.ids.next().toLowerCase(),
    name: settings.name,
    ...(settings.description ? { description: settings.description } : {}),
    url: settings.url,
    events: eventsOf(settings.events),
    status: settings.status ?? 'ACTIVE',
    createdAt: now,
    updatedAt: now,
  };
  await deps.webhooks.save(webhook, settings.secret || undefined);
  return webhook;
}

/** Changes what is named. Throws RoleMissing, WebhookNotFound, InvalidParameter. */
export async function updateWebhook(
  deps: WebhookDeps,
  caller: Caller,
  webhookId: string,
  settings: WebhookSettings,
): Promise<Webhook> {
  const before = await readWebhook(deps, caller, webhookId);
  assertSettings(deps, settings);
  const { name, url, description, status, events, secret } = settings;
  const after: Webhook = {
    ...before,
    ...(name ? { name } : {}),
    ...(url ? { url } : {}),
    ...(description === undefined ? {} : { description }),
    ...(status ? { status } : {}),
    ...(events.length > 0 ? { events: eventsOf(events) } : {}),
    updatedAt: deps.clock.now().toISOString(),
  };
  await deps.webhooks.save(after, secret);
  return after;
}

/** Throws RoleMissing, WebhookNotFound. */
export async function readWebhook(
  { webhooks }: Pick<WebhookDeps, 'webhooks'>,
  caller: Caller,
  webhookId: string,
): Promise<Webhook> {
  assertAdmin(caller);
  const webhook = await webhooks.read(webhookId);
  if (webhook) return webhook;
  throw new AppError('not_found', 'WebhookNotFound', `Webhook with ID ${webhookId} not found.`);
}

/** Throws RoleMissing, WebhookNotFound. */
export async function deleteWebhook(deps: WebhookDeps, caller: Caller, webhookId: string): Promise<void> {
  await readWebhook(deps, caller, webhookId);
  await deps.webhooks.delete(webhookId);
}

/** The last made first. Throws RoleMissing, InvalidParameter, InvalidPageToken. */
export async function listWebhooks(
  { webhooks }: WebhookDeps,
  caller: Caller,
  maxResults = pageSize,
  pageToken: string | undefined = undefined,
): Promise<Page<Webhook>> {
  assertAdmin(caller);
  if (maxResults < 1 || maxResults > maxPageSize)
    throw invalid(`max_results must be between 1 and ${maxPageSize}.`);
  // Ids sort by the time that they were made.
  const all = [...(await webhooks.list())].sort((a, b) => (a.webhookId < b.webhookId ? 1 : -1));
  const after = pageToken ? decodePageToken(pageToken) : undefined;
  if (pageToken && typeof after !== 'string') throw invalidPageToken(pageToken);
  const rest = typeof after === 'string' ? all.filter(({ webhookId }) => webhookId < after) : all;
  const items = rest.slice(0, maxResults);
  const last = items.at(-1);
  return {
    items,
    ...(last && rest.length > items.length ? { nextPageToken: encodePageToken(last.webhookId) } : {}),
  };
}

/** Sends an example, of the event that is named or the first that the webhook asked for, once. Throws RoleMissing, WebhookNotFound. */
export async function testWebhook(
  deps: WebhookDeps,
  caller: Caller,
  webhookId: string,
  names: EventNames | undefined,
): Promise<DeliveryOutcome> {
  const webhook = await readWebhook(deps, caller, webhookId);
  const event = names ? webhookEventOf(names) : (webhook.events[0] as WebhookEvent);
  return deps.sender.send({
    url: webhook.url,
    deliveryId: `test-${deps.ids.next()}`,
    body: deliveryBody(event, deps.clock.now().toISOString(), webhookEvents[event]),
    secret: await deps.webhooks.readSecret(webhookId),
  });
}

function assertSettings({ plainHttp }: WebhookDeps, settings: WebhookSettings): void {
  if (settings.name) assertWebhookName(settings.name);
  if (settings.url) assertWebhookUrl(settings.url, plainHttp);
  assertWebhookTexts(settings.description, settings.secret);
}

const eventsOf = (names: readonly EventNames[]): WebhookEvent[] => [...new Set(names.map(webhookEventOf))];

const invalid = (message: string): AppError => new AppError('invalid_input', 'InvalidParameter', message);
