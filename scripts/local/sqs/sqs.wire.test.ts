import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '../emulated-service.ts';
import { type ServedServices, serveServices } from '../testing/serve-one.ts';
import { createSqsSns } from './index.ts';

let dataDir: string;
let served: ServedServices<readonly [ReturnType<typeof createSqsSns>]>;
let sqs: SQSClient;
let sns: SNSClient;
const invocations: { name: string; payload: unknown }[] = [];
const rules: Principal = {
  kind: 'service',
  service: 'events.amazonaws.com',
  sourceArn: 'arn:aws:events:us-east-1:000000000000:rule/a',
};

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'millrace-sqs-'));
  await start();
});
afterEach(async () => {
  await stop();
  await rm(dataDir, { recursive: true });
});

async function start() {
  served = await serveServices([createSqsSns], {
    dataDir,
    apis: {
      lambda: {
        invoke: async (name, payload) => {
          invocations.push({ name, payload });
          return { payload: null };
        },
      },
    },
  });
  const options = {
    endpoint: served.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  sqs = new SQSClient(options);
  sns = new SNSClient(options);
}

async function stop() {
  sqs.destroy();
  sns.destroy();
  await served.close();
}

const declare = (type: string, logicalId: string, properties: object) =>
  served.services[0].provision({ stackName: 's', logicalId, type, properties: { ...properties } });
const queue = async (QueueName: string, more: object = {}) =>
  (await declare('AWS::SQS::Queue', QueueName, { QueueName, ...more })).ref;
const arnOf = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const send = (QueueUrl: string, MessageBody: string, more: object = {}) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
const receive = async (QueueUrl: string, more: object = {}) =>
  (
    await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
        ...more,
      }),
    )
  ).Messages ?? [];

describe('a queue', () => {
  it('of the template has its attributes, and an address of this runtime', async () => {
    const url = await queue('first', { VisibilityTimeout: 90, MessageRetentionPeriod: '1209600' });
    expect(url).toBe(`${served.url}/000000000000/first`);
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: 'first' }))).QueueUrl).toBe(url);
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
    );
    expect(Attributes).toMatchObject({
      QueueArn: arnOf('first'),
      VisibilityTimeout: '90',
      MessageRetentionPeriod: '1209600',
    });
    expect(Attributes).not.toHaveProperty('RedrivePolicy');
  });

  it('moves what was received too often to its dead-letter queue, where it survives a restart', async () => {
    const dead = await queue('dead');
    const RedrivePolicy = { deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 1 };
    const url = await queue('source', { VisibilityTimeout: 0, RedrivePolicy });
    await send(url, 'poison');
    expect(await receive(url)).toHaveLength(1);
    expect(await receive(url)).toHaveLength(0);
    const sources = await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }));
    expect(sources.queueUrls).toEqual([url]);
    await stop();
    await start();
    expect(await receive(await queue('dead'))).toMatchObject([{ Body: 'poison' }]);
  });

  it('keeps what was made visible again over a restart, with its count', async () => {
    const url = await queue('again');
    await send(url, 'm');
    const [first] = await receive(url);
    await sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: url,
        ReceiptHandle: first?.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );
    await stop();
    await start();
    expect(await receive(await queue('again'))).toMatchObject([
      { Attributes: { ApproximateReceiveCount: '2' } },
    ]);
  });

  it('of kind FIFO keeps the order of a group, locks it and drops duplicates', async () => {
    const url = await queue('line.fifo', { FifoQueue: true, ContentBasedDeduplication: true });
    for (const body of ['1', '1', '2']) await send(url, body, { MessageGroupId: 'g' });
    const [first] = await receive(url);
    expect(first?.Body).toBe('1');
    expect(await receive(url)).toEqual([]);
    await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }));
    expect((await receive(url)).map(({ Body }) => Body)).toEqual(['2']);
  });

  it('refuses a property that is not imitated', async () => {
    await expect(queue('odd', { Unheard: true })).rejects.toMatchObject({ name: 'UnsupportedResource' });
  });
});

describe('other parts of the runtime', () => {
  it('send to a queue whose policy lets them, and to no other', async () => {
    const url = await queue('target');
    const refused = served.services[0].sendMessage(arnOf('target'), 'x', { principal: rules });
    await expect(refused).rejects.toMatchObject({ name: 'AccessDenied' });
    await declare('AWS::SQS::QueuePolicy', 'P', {
      Queues: [url],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: arnOf('target'),
            Condition: { ArnEquals: { 'aws:SourceArn': rules.kind === 'service' ? rules.sourceArn : '' } },
          },
        ],
      },
    });
    const attributes = { RULE_ARN: 'a' };
    await served.services[0].sendMessage(arnOf('target'), 'x', { principal: rules, attributes });
    expect(await receive(url)).toMatchObject([{ MessageAttributes: { RULE_ARN: { StringValue: 'a' } } }]);
  });

  it('long-poll and delete as an event source mapping does', async () => {
    const url = await queue('mapped');
    const waiting = served.services[0].receive(arnOf('mapped'), { max: 10, waitSeconds: 10 });
    await send(url, 'm');
    const [message] = await waiting;
    expect(message).toMatchObject({ body: 'm', attributes: { ApproximateReceiveCount: '1' } });
    await served.services[0].deleteMessages(arnOf('mapped'), [message?.receiptHandle ?? '']);
    expect(await served.services[0].receive(arnOf('mapped'), { max: 1, waitSeconds: 0 })).toEqual([]);
  });

  it('get a message again as soon as its visibility ends', async () => {
    const url = await queue('ends', { VisibilityTimeout: 1 });
    await send(url, 'm');
    await receive(url);
    const [message] = await served.services[0].receive(arnOf('ends'), { max: 1, waitSeconds: 5 });
    expect(message?.attributes['ApproximateReceiveCount']).toBe('2');
  });
});

describe('a topic', () => {
  it('delivers to queues, functions and mailboxes, as far as their filters let it', async () => {
    const url = await queue('listener');
    const { ref: TopicArn } = await declare('AWS::SNS::Topic', 'T', { TopicName: 'alarms' });
    await declare('AWS::SQS::QueuePolicy', 'P', {
      Queues: [url],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'sns.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: '*',
          },
        ],
      },
    });
    const subscribe = (id: string, Protocol: string, Endpoint: string, more: object = {}) =>
      declare('AWS::SNS::Subscription', id, { TopicArn, Protocol, Endpoint, ...more });
    const fn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
    await subscribe('S1', 'sqs', arnOf('listener'));
    await subscribe('S2', 'lambda', fn, { FilterPolicy: { level: ['high'] } });
    await subscribe('S3', 'email', 'ops@example.com');

    const { MessageId } = await sns.send(
      new PublishCommand({ TopicArn, Subject: 'Hot', Message: 'It burns' }),
    );
    const [message] = await receive(url);
    expect(JSON.parse(message?.Body ?? '{}')).toMatchObject({
      Type: 'Notification',
      MessageId,
      TopicArn,
      Subject: 'Hot',
      Message: 'It burns',
    });
    expect(invocations).toEqual([]);
    const mails = readFileSync(path.join(dataDir, 'sqs', 'e-mails.jsonl'), 'utf8')
      .trim()
      .split('\n');
    expect(mails.map((line) => JSON.parse(line) as object)).toMatchObject([
      { to: 'ops@example.com', subject: 'Hot', body: 'It burns' },
    ]);

    const level = { DataType: 'String', StringValue: 'high' };
    await sns.send(new PublishCommand({ TopicArn, Message: 'x', MessageAttributes: { level } }));
    expect(invocations).toMatchObject([
      { name: fn, payload: { Records: [{ EventSource: 'aws:sns', Sns: { Message: 'x' } }] } },
    ]);
  });

  it('that is missing is NotFound', async () => {
    const TopicArn = 'arn:aws:sns:us-east-1:000000000000:none';
    await expect(sns.send(new PublishCommand({ TopicArn, Message: 'x' }))).rejects.toMatchObject({
      name: expect.stringMatching(/NotFound/),
    });
  });
});
