import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  PurgeQueueCommand,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import type { WireSuite } from '../suite.ts';
import { attributesOf, makeQueue, makeRedrivenQueue, receive, type SqsSubject, send } from './subject.ts';

const nameOf = (url: string) => url.split('/').at(-1) ?? '';
const inBatch = ({ client }: SqsSubject, QueueUrl: string, bodies: readonly (readonly [string, string])[]) =>
  client.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: bodies.map(([Id, MessageBody]) => ({ Id, MessageBody })),
    }),
  );

/** Attributes of queues, and how wrong requests are refused. */
export const queueSuite: WireSuite<SqsSubject> = {
  'gives a queue the attributes of the request, and defaults': async (subject) => {
    const url = await makeQueue(subject, { VisibilityTimeout: '90', MessageRetentionPeriod: '1209600' });
    const attributes = await attributesOf(subject, url);
    expect(attributes).toMatchObject({
      QueueArn: expect.stringMatching(new RegExp(`^arn:aws:sqs:[\\w-]+:\\d{12}:${nameOf(url)}$`)),
      VisibilityTimeout: '90',
      MessageRetentionPeriod: '1209600',
      DelaySeconds: '0',
      ReceiveMessageWaitTimeSeconds: '0',
      ApproximateNumberOfMessages: '0',
    });
    expect(attributes).not.toHaveProperty('RedrivePolicy');
  },

  'counts messages that wait, are hidden and are delayed': async (subject) => {
    const url = await makeQueue(subject);
    await send(subject, url, 'hidden');
    await receive(subject, url);
    await send(subject, url, 'waiting');
    await send(subject, url, 'delayed', { DelaySeconds: 60 });
    await expect
      .poll(() => attributesOf(subject, url))
      .toMatchObject({
        ApproximateNumberOfMessages: '1',
        ApproximateNumberOfMessagesNotVisible: '1',
        ApproximateNumberOfMessagesDelayed: '1',
      });
  },

  'finds a queue by its name': async (subject) => {
    const url = await makeQueue(subject);
    const found = await subject.client.send(new GetQueueUrlCommand({ QueueName: nameOf(url) }));
    expect(found.QueueUrl).toBe(url);
  },

  'makes the same queue again, and refuses its name with other attributes': async (subject) => {
    const url = await makeQueue(subject, { VisibilityTimeout: '90' });
    const again = (VisibilityTimeout: string) =>
      subject.client.send(
        new CreateQueueCommand({ QueueName: nameOf(url), Attributes: { VisibilityTimeout } }),
      );
    expect((await again('90')).QueueUrl).toBe(url);
    await expect(again('91')).rejects.toMatchObject({
      name: expect.stringMatching(/QueueNameExists|QueueAlreadyExists/),
    });
  },

  'takes other attributes for a queue that is there': async (subject) => {
    const url = await makeQueue(subject);
    const Attributes = { VisibilityTimeout: '7' };
    await subject.client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes }));
    expect(await attributesOf(subject, url)).toMatchObject(Attributes);
  },

  'refuses an attribute beyond its range': async (subject) => {
    await expect(makeQueue(subject, { VisibilityTimeout: '43201' })).rejects.toMatchObject({
      name: 'InvalidAttributeValue',
    });
  },

  'says that a queue does not exist': async (subject) => {
    const url = await makeQueue(subject);
    const missing = { name: 'QueueDoesNotExist' };
    await expect(send(subject, `${url}-none`, 'x')).rejects.toMatchObject(missing);
    const byName = new GetQueueUrlCommand({ QueueName: `${nameOf(url)}-none` });
    await expect(subject.client.send(byName)).rejects.toMatchObject(missing);
  },

  'drops a queue and empties one': async (subject) => {
    const { client } = subject;
    const [dropped, emptied] = [await makeQueue(subject), await makeQueue(subject)];
    await send(subject, emptied, 'm');
    await client.send(new PurgeQueueCommand({ QueueUrl: emptied }));
    expect(await receive(subject, emptied)).toEqual([]);
    await client.send(new DeleteQueueCommand({ QueueUrl: dropped }));
    await expect(send(subject, dropped, 'x')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  },

  'lists the sources of a dead-letter queue': async (subject) => {
    const { source, dead } = await makeRedrivenQueue(subject, 3);
    const list = new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead });
    expect((await subject.client.send(list)).queueUrls).toEqual([source]);
  },

  'refuses a batch that is empty, too long or has an id twice': async (subject) => {
    const url = await makeQueue(subject);
    await expect(inBatch(subject, url, [])).rejects.toMatchObject({
      name: expect.stringContaining('EmptyBatchRequest'),
    });
    const eleven = Array.from({ length: 11 }, (_unused, n) => [`n${n}`, 'x'] as const);
    await expect(inBatch(subject, url, eleven)).rejects.toMatchObject({
      name: expect.stringContaining('TooManyEntriesInBatchRequest'),
    });
    const twice = [['a', '1'] as const, ['a', '2'] as const];
    await expect(inBatch(subject, url, twice)).rejects.toMatchObject({
      name: expect.stringContaining('BatchEntryIdsNotDistinct'),
    });
  },

  'refuses a handle that it never gave': async (subject) => {
    const QueueUrl = await makeQueue(subject);
    const invalid = { name: 'ReceiptHandleIsInvalid' };
    const ReceiptHandle = 'no handle';
    await expect(
      subject.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
    ).rejects.toMatchObject(invalid);
    const change = new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
    await expect(subject.client.send(change)).rejects.toMatchObject(invalid);
  },

  'refuses a body of more than a megabyte, and characters that are none of XML': async (subject) => {
    const url = await makeQueue(subject);
    await expect(send(subject, url, 'x'.repeat(1024 * 1024 + 1))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 400 },
    });
    await expect(send(subject, url, 'a\u0001b')).rejects.toMatchObject({ name: 'InvalidMessageContents' });
  },

  'refuses to receive more than ten messages and to wait longer than 20 seconds': async (subject) => {
    const url = await makeQueue(subject);
    const refused = { $metadata: { httpStatusCode: 400 } };
    await expect(receive(subject, url, { MaxNumberOfMessages: 11 })).rejects.toMatchObject(refused);
    await expect(receive(subject, url, { WaitTimeSeconds: 21 })).rejects.toMatchObject(refused);
  },
};
