import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Key, Table } from '#shared/aws/table.ts';
import { type Clock, epochSeconds } from '#shared/kernel/clock.ts';
import type { DeliveryLog, WebhookStore } from '../ports/webhooks.ts';
import { everyItem } from './every.ts';
import { itemKinds, type StoredItems } from './items.ts';

const webhookKey = (webhookId: string): Key => ({ pk: 'WEBHOOKS', sk: `WEBHOOK#${webhookId}` });
const secretKey = (webhookId: string): Key => ({ pk: `WEBHOOKSECRET#${webhookId}`, sk: 'SECRET' });
const deliveryKey = (deliveryId: string): Key => ({ pk: `WEBHOOKDELIVERY#${deliveryId}`, sk: 'DELIVERY' });

/** Longer than EventBridge and Lambda try, and than a person takes to replay a dead letter. */
const rememberedSeconds = 30 * 86_400;

/** `WEBHOOKS` / `WEBHOOK#<id>`: all webhooks, few and read together. `WEBHOOKSECRET#<id>` / `SECRET`: what signs their deliveries. */
export function createWebhookStore(stored: Table): WebhookStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async read(webhookId) {
      return (await table.get<StoredItems['webhook']>(webhookKey(webhookId)))?.webhook;
    },
    async list() {
      const items = await everyItem<StoredItems['webhook']>(table, {
        pk: 'WEBHOOKS',
        skPrefix: 'WEBHOOK#',
        consistent: true,
      });
      return items.map(({ webhook }) => webhook);
    },
    async save(webhook, secret) {
      const { webhookId } = webhook;
      await table.commit({
        writes: [
          { put: { ...webhookKey(webhookId), schemaVersion: 1, webhook } },
          ...(secret ? [{ put: { ...secretKey(webhookId), schemaVersion: 1, secret } }] : []),
          ...(secret === '' ? [{ delete: secretKey(webhookId) }] : []),
        ],
      });
    },
    async delete(webhookId) {
      await table.commit({ writes: [{ delete: webhookKey(webhookId) }, { delete: secretKey(webhookId) }] });
    },
    async readSecret(webhookId) {
      return (await table.get<StoredItems['webhookSecret']>(secretKey(webhookId)))?.secret;
    },
  };
}

/** `WEBHOOKDELIVERY#<id>` / `DELIVERY`. */
export function createDeliveryLog(stored: Table, clock: Clock): DeliveryLog {
  const table = versionedTable(stored, itemKinds);
  return {
    isDelivered: async (deliveryId) => (await table.get(deliveryKey(deliveryId))) !== undefined,
    markDelivered: (deliveryId) =>
      table.put({
        ...deliveryKey(deliveryId),
        schemaVersion: 1,
        deliveredAt: clock.now().toISOString(),
        expiresAt: epochSeconds(clock.now()) + rememberedSeconds,
      }),
  };
}
