import { randomUUID } from 'node:crypto';
import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** What the cases of EventBridge work on. */
export interface EventsSubject {
  readonly client: EventBridgeClient;
  readonly sqs: SQSClient;
  /** A custom bus. */
  readonly bus: string;
  /** Makes a queue that EventBridge may send to. */
  makeQueue(): Promise<{ readonly url: string; readonly arn: string }>;
}

/** A source that no other case has. */
export const freshSource = () => `wire.${randomUUID().slice(0, 12)}`;

/** A rule on the custom bus that sends what matches to a queue of its own. */
export async function ruleToQueue(
  subject: EventsSubject,
  pattern: object,
  target: Omit<Target, 'Id' | 'Arn'> = {},
) {
  const { client, bus: EventBusName } = subject;
  const queue = await subject.makeQueue();
  const Name = `wire-${randomUUID().slice(0, 12)}`;
  await client.send(new PutRuleCommand({ Name, EventBusName, EventPattern: JSON.stringify(pattern) }));
  const Targets = [{ Id: 'queue', Arn: queue.arn, ...target }];
  const put = await client.send(new PutTargetsCommand({ Rule: Name, EventBusName, Targets }));
  return { Name, queue, put, receive: () => receive(subject, queue.url) };
}

/** The next bodies in a queue; none after two seconds without. */
async function receive({ sqs }: EventsSubject, QueueUrl: string): Promise<unknown[]> {
  const poll = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 });
  const { Messages = [] } = await sqs.send(poll);
  return Messages.map(({ Body = '' }) => JSON.parse(Body) as unknown);
}

/** Puts entries on the custom bus, where they name no other. */
export const putEvents = (
  { client, bus }: EventsSubject,
  ...entries: readonly Partial<PutEventsRequestEntry>[]
) =>
  client.send(
    new PutEventsCommand({
      Entries: entries.map((entry) => ({
        EventBusName: bus,
        Source: 'wire',
        DetailType: 'Done.v1',
        Detail: '{}',
        ...entry,
      })),
    }),
  );
