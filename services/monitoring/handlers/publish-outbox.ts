import { eventBridgeClient } from '#shared/aws/clients.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { outboxPublisher } from '#shared/lambda/publish-outbox.ts';
import { publisherEnvironment } from '../env.ts';

export const handler = outboxPublisher(
  eventBridgeClient(),
  readEnvironment(publisherEnvironment).EVENT_BUS_NAME,
);
