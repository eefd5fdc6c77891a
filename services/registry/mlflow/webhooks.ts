import { type BoundMlflowRoute, bindMlflow } from '#shared/mlflow/handler.ts';
import { namesOf } from '../domain/webhook-events.ts';
import type { DeliveryOutcome, Webhook } from '../ports/webhooks.ts';
import {
  createWebhook,
  deleteWebhook,
  listWebhooks,
  readWebhook,
  testWebhook,
  updateWebhook,
  type WebhookDeps,
} from '../use-cases/manage-webhooks.ts';
import * as routes from './routes/webhooks.ts';

export function webhookRoutes(deps: WebhookDeps): BoundMlflowRoute[] {
  return [
    bindMlflow(routes.createWebhook, async ({ message, caller }) => ({
      webhook: webhookMessage(await createWebhook(deps, caller, message)),
    })),
    bindMlflow(routes.listWebhooks, async ({ message, caller }) => {
      const { items, nextPageToken } = await listWebhooks(
        deps,
        caller,
        message.max_results || undefined,
        message.page_token,
      );
      return {
        webhooks: items.map(webhookMessage),
        ...(nextPageToken ? { next_page_token: nextPageToken } : {}),
      };
    }),
    bindMlflow(routes.getWebhook, async ({ message, caller }) => ({
      webhook: webhookMessage(await readWebhook(deps, caller, message.webhook_id)),
    })),
    bindMlflow(routes.updateWebhook, async ({ message, caller }) => ({
      webhook: webhookMessage(await updateWebhook(deps, caller, message.webhook_id, message)),
    })),
    bindMlflow(routes.deleteWebhook, async ({ message, caller }) => {
      await deleteWebhook(deps, caller, message.webhook_id);
      return {};
    }),
    bindMlflow(routes.testWebhook, async ({ message, caller }) => ({
      result: resultMessage(await testWebhook(deps, caller, message.webhook_id, message.event)),
    })),
  ];
}

/** MLflow's Webhook, which never holds the secret. */
const webhookMessage = (webhook: Webhook) => ({
  webhook_id: webhook.webhookId,
  name: webhook.name,
  ...(webhook.description === undefined ? {} : { description: webhook.description }),
  url: webhook.url,
  events: webhook.events.map(namesOf),
  status: webhook.status,
  creation_timestamp: Date.parse(webhook.createdAt),
  last_updated_timestamp: Date.parse(webhook.updatedAt),
});

const resultMessage = (outcome: DeliveryOutcome) =>
  outcome.kind === 'unreachable'
    ? { success: false, error_message: outcome.reason }
    : {
        success: outcome.status >= 200 && outcome.status < 300,
        response_status: outcome.status,
        response_body: outcome.body,
      };
