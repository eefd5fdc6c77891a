import { setTimeout as sleep } from 'node:timers/promises';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { awsEventHandler } from '#shared/lambda/event.ts';
import { logger } from '#shared/telemetry/logger.ts';
import { createWebhookSender } from '../delivery/webhook-sender.ts';
import { environment, isOnLaptop } from '../env.ts';
import { createDeliveryLog, createWebhookStore } from '../store/webhook-store.ts';
import { type DeliverDeps, deliverChange } from '../use-cases/deliver-change.ts';

const { TABLE_NAME, MILLRACE_STAGE } = readEnvironment(environment);
const table = createTable(documentClient(), TABLE_NAME);
const deps: DeliverDeps = {
  webhooks: createWebhookStore(table),
  deliveries: createDeliveryLog(table, systemClock),
  sender: createWebhookSender(systemClock, isOnLaptop(MILLRACE_STAGE)),
  pause: (attempt) => sleep(1000 * 2 ** (attempt - 2) * (1 + Math.random())),
  report: ({ outcome, ...delivery }) =>
    logger.info('A webhook delivery was tried.', {
      ...delivery,
      ...(outcome.kind === 'answered' ? { status: outcome.status } : { reason: outcome.reason }),
    }),
};

/** Tells webhooks of what happened in the registry. */
export const handler = awsEventHandler(
  (detail) => detail,
  (detail, { source, 'detail-type': detailType }) =>
    deliverChange(deps, { source, 'detail-type': detailType, detail }),
);
