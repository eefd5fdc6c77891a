import { randomUUID } from 'node:crypto';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  type QueueAttributeName,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** What the cases of SQS work on. */
export interface SqsSubject {
  readonly client: SQSClient;
}

type Attributes = Partial<Record<QueueAttributeName, string>>;

/** Makes a standard queue that no other case has. */
export async function makeQueue({ client }: SqsSubject, Attributes: Attributes = {}): Promise<string> {
  const QueueName = `wire-${randomUUID().slice(0, 12)}`;
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
  return QueueUrl ?? '';
}

export async function attributesOf({ client }: SqsSubject, QueueUrl: string) {
  const all = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
  return (await client.send(all)).Attributes ?? {};
}

export const send = (
  { client }: SqsSubject,
  QueueUrl: string,
  MessageBody: string,
  more: Partial<SendMessageCommandInput> = {},
) => client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));

/** Receives up to ten messages at once, with all their attributes. */
export async function receive(
  { client }: SqsSubject,
  QueueUrl: string,
  more: Partial<ReceiveMessageCommandInput> = {},
): Promise<Message[]> {
  const input: ReceiveMessageCommandInput = {
    QueueUrl,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['All'],
    MessageAttributeNames: ['All'],
    ...more,
  };
  return (await client.send(new ReceiveMessageCommand(input))).Messages ?? [];
}

/** A queue that gives up its messages to a dead-letter queue after so many receives. */
export async function makeRedrivenQueue(subject: SqsSubject, maxReceiveCount: number) {
  const dead = await makeQueue(subject);
  const { QueueArn: deadLetterTargetArn } = await attributesOf(subject, dead);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount });
  const source = await makeQueue(subject, { RedrivePolicy, VisibilityTimeout: '0' });
  return { source, dead };
}
