import { setTimeout as sleep } from 'node:timers/promises';
import type { EventBridgeEvent } from 'aws-lambda';
import * as z from 'zod';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { eventMetadataSchema } from '#shared/contracts/event.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { awsEventHandler } from '#shared/lambda/event.ts';
import { governanceEnvironment } from '../env.ts';
import { createGovernanceStore } from '../store/governance-store.ts';
import { appendEvent } from '../use-cases/append-event.ts';

const store = createGovernanceStore(
  createTable(documentClient(), readEnvironment(governanceEnvironment).TABLE_NAME),
);
const detailSchema = z.object({ metadata: eventMetadataSchema, data: z.record(z.string(), z.unknown()) });
const pause = (attempt: number): Promise<void> => sleep(Math.random() * Math.min(1000, 10 * 2 ** attempt));

/** Every fact of every service, whatever its data: what is not understood is audited all the same. */
export const handler = awsEventHandler(
  (detail) => detailSchema.parse(detail),
  ({ metadata, data }, event: EventBridgeEvent<string, unknown>) =>
    appendEvent(
      { store, clock: systemClock, pause },
      { source: event.source, detailType: event['detail-type'], metadata, data },
    ),
);
