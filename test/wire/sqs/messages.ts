import { createHash } from 'node:crypto';
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  type Message,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import type { WireSuite } from '../suite.ts';
import { makeQueue, makeRedrivenQueue, receive, type SqsSubject, send } from './subject.ts';

const makeVisible = ({ client }: SqsSubject, QueueUrl: string, message: Message | undefined) =>
  client.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl,
      ReceiptHandle: message?.ReceiptHandle,
      VisibilityTimeout: 0,
    }),
  );
const remove = ({ client }: SqsSubject, QueueUrl: string, message: Message | undefined) =>
  client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));

/** How messages of a standard queue come, hide, come again and go. */
export const messageSuite: WireSuite<SqsSubject> = {
  'carries bodies and attributes that the SDK verifies by MD5': async (subject) => {
    const url = await makeQueue(subject);
    const kind = { DataType: 'String', StringValue: 'x' };
    const amount = { DataType: 'Number', StringValue: '4.5' };
    const sent = await send(subject, url, 'héllo', { MessageAttributes: { kind, amount } });
    expect(sent.MD5OfMessageBody).toBe(createHash('md5').update('héllo').digest('hex'));
    const [message] = await receive(subject, url);
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: 'héllo',
      MD5OfBody: sent.MD5OfMessageBody,
      MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
      MessageAttributes: { kind, amount },
      Attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
        ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
        SenderId: expect.any(String),
      },
    });
  },

  'gives only the attributes that are asked for': async (subject) => {
    const url = await makeQueue(subject);
    const text = (StringValue: string) => ({ DataType: 'String', StringValue });
    await send(subject, url, 'm', { MessageAttributes: { 'a.one': text('1'), b: text('2') } });
    const [message] = await receive(subject, url, {
      MessageAttributeNames: ['a.*'],
      MessageSystemAttributeNames: ['SentTimestamp'],
    });
    expect(Object.keys(message?.MessageAttributes ?? {})).toEqual(['a.one']);
    expect(Object.keys(message?.Attributes ?? {})).toEqual(['SentTimestamp']);
  },

  'gives no message attributes where none are asked for': async (subject) => {
    const url = await makeQueue(subject);
    const kind = { DataType: 'String', StringValue: 'x' };
    await send(subject, url, 'm', { MessageAttributes: { kind } });
    const [message] = await receive(subject, url, { MessageAttributeNames: undefined });
    expect(message?.Body).toBe('m');
    expect(message).not.toHaveProperty('MessageAttributes');
  },

  'hides a received message until it is made visible again': async (subject) => {
    const url = await makeQueue(subject);
    await send(subject, url, 'm');
    const [first] = await receive(subject, url);
    expect(await receive(subject, url)).toEqual([]);
    await makeVisible(subject, url, first);
    expect(await receive(subject, url)).toMatchObject([{ Attributes: { ApproximateReceiveCount: '2' } }]);
  },

  'gives a message again when its visibility ends': async (subject) => {
    const url = await makeQueue(subject, { VisibilityTimeout: '1' });
    await send(subject, url, 'm');
    await receive(subject, url);
    expect(await receive(subject, url, { WaitTimeSeconds: 4 })).toMatchObject([
      { Body: 'm', Attributes: { ApproximateReceiveCount: '2' } },
    ]);
  },

  'takes the visibility of the receive before that of the queue': async (subject) => {
    const url = await makeQueue(subject, { VisibilityTimeout: '0' });
    await send(subject, url, 'm');
    expect(await receive(subject, url, { VisibilityTimeout: 30 })).toHaveLength(1);
    expect(await receive(subject, url)).toEqual([]);
  },

  'holds back a message that is delayed': async (subject) => {
    const url = await makeQueue(subject);
    await send(subject, url, 'm', { DelaySeconds: 1 });
    expect(await receive(subject, url)).toEqual([]);
    expect(await receive(subject, url, { WaitTimeSeconds: 4 })).toHaveLength(1);
  },

  'lets a long poll wait for the message that comes': async (subject) => {
    const url = await makeQueue(subject);
    const waiting = receive(subject, url, { WaitTimeSeconds: 10 });
    await send(subject, url, 'late');
    expect(await waiting).toMatchObject([{ Body: 'late' }]);
  },

  'gives no more messages than are asked for': async (subject) => {
    const url = await makeQueue(subject);
    for (const body of ['1', '2', '3']) await send(subject, url, body);
    expect(await receive(subject, url, { MaxNumberOfMessages: 1 })).toHaveLength(1);
  },

  'forgets a message that is deleted, and takes the same deletion again': async (subject) => {
    const url = await makeQueue(subject, { VisibilityTimeout: '1' });
    await send(subject, url, 'm');
    const [message] = await receive(subject, url);
    await remove(subject, url, message);
    await remove(subject, url, message);
    expect(await receive(subject, url, { WaitTimeSeconds: 2 })).toEqual([]);
  },

  'sends and deletes in batches, and answers for each entry': async (subject) => {
    const { client } = subject;
    const QueueUrl = await makeQueue(subject);
    const sent = await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'a', MessageBody: '1' },
          { Id: 'b', MessageBody: '2' },
        ],
      }),
    );
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['a', 'b']);
    const received: Message[] = [];
    while (received.length < 2) received.push(...(await receive(subject, QueueUrl, { WaitTimeSeconds: 1 })));
    const [first] = received;
    const deleted = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'x', ReceiptHandle: first?.ReceiptHandle ?? '' },
          { Id: 'y', ReceiptHandle: 'no handle' },
        ],
      }),
    );
    expect(deleted.Successful).toEqual([{ Id: 'x' }]);
    expect(deleted.Failed).toMatchObject([{ Id: 'y', Code: 'ReceiptHandleIsInvalid', SenderFault: true }]);
    const shown = await client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: [{ Id: 'z', ReceiptHandle: received[1]?.ReceiptHandle ?? '', VisibilityTimeout: 0 }],
      }),
    );
    expect(shown.Successful).toEqual([{ Id: 'z' }]);
    expect(await receive(subject, QueueUrl)).toHaveLength(1);
  },

  'moves a message that was received too often to its dead-letter queue, as it was': async (subject) => {
    const { source, dead } = await makeRedrivenQueue(subject, 2);
    const kind = { DataType: 'String', StringValue: 'poison' };
    const { MessageId } = await send(subject, source, 'm', { MessageAttributes: { kind } });
    expect(await receive(subject, source)).toHaveLength(1);
    expect(await receive(subject, source)).toHaveLength(1);
    expect(await receive(subject, source)).toHaveLength(0);
    expect(await receive(subject, dead, { WaitTimeSeconds: 2 })).toMatchObject([
      { MessageId, Body: 'm', MessageAttributes: { kind } },
    ]);
  },
};
