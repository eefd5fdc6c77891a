import { randomUUID } from 'node:crypto';
import { EventBridgeClient, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe } from 'vitest';
import { deliverySuite, type EventsSubject, patternSuite } from '../events/index.ts';
import { declareSuite } from '../suite.ts';
import { type Laptop, startLaptop } from './laptop.ts';

const Bus = { Type: 'AWS::Events::EventBus', Properties: { Name: 'wire' } };

let laptop: Laptop;
let subject: EventsSubject;

beforeAll(async () => {
  laptop = await startLaptop({ template: { Resources: { Bus } } });
  subject = {
    client: new EventBridgeClient(laptop.config),
    sqs: new SQSClient(laptop.config),
    bus: 'wire',
    makeQueue: () => makeQueue(laptop),
  };
});
afterAll(async () => {
  subject?.client.destroy();
  subject?.sqs.destroy();
  await laptop?.stop();
});

/** Makes a queue and its policy as CloudFormation would. */
async function makeQueue({ runtime }: Laptop) {
  const { sqsSns } = runtime.services;
  const QueueName = `wire-${randomUUID().slice(0, 12)}`;
  const provision = (type: string, properties: object) =>
    sqsSns.provision({
      stackName: 'Wire',
      logicalId: QueueName + type,
      type,
      properties: { ...properties },
    });
  const { ref: url, attributes } = await provision('AWS::SQS::Queue', { QueueName });
  const arn = attributes['Arn'] ?? '';
  const Statement = [
    {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: arn,
    },
  ];
  await provision('AWS::SQS::QueuePolicy', { Queues: [url], PolicyDocument: { Statement } });
  return { url, arn };
}

describe('EventBridge of the laptop runtime', () => {
  declareSuite(deliverySuite, () => subject);
});

describe('event patterns of the laptop runtime', () => {
  declareSuite(patternSuite, () => ({
    matches: async (EventPattern, Event) =>
      (await subject.client.send(new TestEventPatternCommand({ EventPattern, Event }))).Result === true,
  }));
});
