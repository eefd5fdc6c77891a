import { randomUUID } from 'node:crypto';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe } from 'vitest';
import { deliverySuite, type EventsSubject, patternSuite } from '../wire/events/index.ts';
import { declareSuite } from '../wire/suite.ts';
import {
  eventRulerDifferences,
  ministackDeliveryDifferences,
  ministackPatternDifferences,
} from './known/events.ts';
import { type EventRuler, eventRuler, eventRulerVersion, startEventRuler } from './parts/event-ruler.ts';
import { ministack, ministackVersion, startMinistack } from './parts/ministack.ts';
import { checkTitle, part, theValue } from './parts/part.ts';
import { anyClient, type ForeignServer } from './parts/server.ts';

const ruler = await part(eventRuler);
const emulator = await part(ministack);

describe.skipIf(ruler.missing)(
  checkTitle(`event patterns as in Event Ruler ${eventRulerVersion}`, ruler),
  () => {
    let running: EventRuler;
    beforeAll(() => {
      running = startEventRuler(theValue(ruler));
    });
    afterAll(() => running?.stop());
    declareSuite(patternSuite, () => running, eventRulerDifferences);
  },
);

describe.skipIf(emulator.missing)(
  checkTitle(`EventBridge as in MiniStack ${ministackVersion}`, emulator),
  () => {
    let server: ForeignServer;
    let subject: EventsSubject;
    beforeAll(async () => {
      server = await startMinistack({ program: theValue(emulator) });
      const sqs = new SQSClient(anyClient(server.url));
      const client = new EventBridgeClient(anyClient(server.url));
      await client.send(new CreateEventBusCommand({ Name: 'wire' }));
      subject = { client, sqs, bus: 'wire', makeQueue: () => makeQueue(sqs) };
    });
    afterAll(async () => {
      subject?.client.destroy();
      subject?.sqs.destroy();
      await server?.stop();
    });
    describe('delivery', () => {
      declareSuite(deliverySuite, () => subject, ministackDeliveryDifferences);
    });
    describe('patterns', () => {
      declareSuite(
        patternSuite,
        () => ({
          matches: async (EventPattern, Event) =>
            (await subject.client.send(new TestEventPatternCommand({ EventPattern, Event }))).Result === true,
        }),
        ministackPatternDifferences,
      );
    });
  },
);

async function makeQueue(sqs: SQSClient) {
  const QueueName = `wire-${randomUUID().slice(0, 12)}`;
  const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName }));
  const arnOnly = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] });
  return { url, arn: (await sqs.send(arnOnly)).Attributes?.['QueueArn'] ?? '' };
}
