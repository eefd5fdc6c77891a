import * as z from 'zod';
import { defineMlflowRoute } from '#shared/mlflow/route.ts';
import { int64, repeated } from '#shared/mlflow/wire.ts';

/** Names of MLflow's enumerations: MODEL_VERSION, CREATED. */
const webhookEvent = z.object({ entity: z.string(), action: z.string() });
const identified = z.object({ webhook_id: z.string() });
const status = z.enum(['ACTIVE', 'DISABLED']);

/** Webhooks see the models of all projects: they are for admins of all. */
const common = { service: 'registry', role: 'admin' } as const;

export const createWebhook = defineMlflowRoute({
  ...common,
  name: 'WebhookService.createWebhook',
  method: 'POST',
  path: '/mlflow/webhooks',
  message: z.object({
    name: z.string(),
    description: z.string().optional(),
    url: z.string(),
    events: repeated(webhookEvent),
    secret: z.string().optional(),
    status: status.optional(),
  }),
});

export const listWebhooks = defineMlflowRoute({
  ...common,
  name: 'WebhookService.listWebhooks',
  method: 'GET',
  path: '/mlflow/webhooks',
  message: z.object({ max_results: int64.optional(), page_token: z.string().optional() }),
});

export const getWebhook = defineMlflowRoute({
  ...common,
  name: 'WebhookService.getWebhook',
  method: 'GET',
  path: '/mlflow/webhooks/{webhook_id}',
  message: identified,
});

export const updateWebhook = defineMlflowRoute({
  ...common,
  name: 'WebhookService.updateWebhook',
  method: 'PATCH',
  path: '/mlflow/webhooks/{webhook_id}',
  message: identified.extend({
    name: z.string().optional(),
    description: z.string().optional(),
    url: z.string().optional(),
    events: repeated(webhookEvent),
    secret: z.string().optional(),
    status: status.optional(),
  }),
});

export const deleteWebhook = defineMlflowRoute({
  ...common,
  name: 'WebhookService.deleteWebhook',
  method: 'DELETE',
  path: '/mlflow/webhooks/{webhook_id}',
  message: identified,
});

export const testWebhook = defineMlflowRoute({
  ...common,
  name: 'WebhookService.testWebhook',
  method: 'POST',
  path: '/mlflow/webhooks/{webhook_id}/test',
  message: identified.extend({ event: webhookEvent.optional() }),
});

export const webhookRoutes = [
  createWebhook,
  listWebhooks,
  getWebhook,
  updateWebhook,
  deleteWebhook,
  testWebhook,
];
