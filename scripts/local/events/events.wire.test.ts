import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  DescribeEventBusCommand,
  DisableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  StartReplayCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError, type Principal } from '../emulated-service.ts';
import { allowEverything, type ServeOptions, serveServices } from '../testing/serve-one.ts';
import { createEvents } from './index.ts';

const account = '000000000000';
const functionArn = `arn:aws:lambda:us-east-1:${account}:function:f`;
const machineArn = `arn:aws:states:us-east-1:${account}:stateMachine:m`;
const queueArn = `arn:aws:sqs:us-east-1:${account}:q`;
const deadLetterArn = `arn:aws:sqs:us-east-1:${account}:dlq`;
const ruleArn = `arn:aws:events:us-east-1:${account}:rule/main/r`;

/** What reached the targets. */
let invoked: { payload: Record<string, unknown>; principal: Principal }[];
let started: { arn: string; input: unknown; name: string | undefined }[];
let sent: { queueArn: string; body: unknown; attributes: Readonly<Record<string, string>> | undefined }[];
let failWith: Error | undefined;
let dataDir: string;
let served: Awaited<ReturnType<typeof serve>> | undefined;

beforeEach(() => {
  [invoked, started, sent, failWith] = [[], [], [], undefined];
  dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-events-'));
});
afterEach(async () => {
  await served?.close();
  rmSync(dataDir, { recursive: true });
});

async function serve(options: ServeOptions = {}) {
  const services = await serveServices([createEvents], {
    dataDir,
    ...options,
    apis: {
      ...options.apis,
      cloudwatch: { putMetricData: () => undefined },
      lambda: {
        invoke: async (_name, payload, { principal }) => {
          if (failWith !== undefined) throw failWith;
          invoked.push({ payload: payload as Record<string, unknown>, principal });
          return { payload: null };
        },
      },
      states: {
        startExecution: async (arn, input, { name }) => {
          started.push({ arn, input, name });
          return { executionArn: 'x' };
        },
      },
      sqs: {
        sendMessage: async (arn, body, { attributes }) =>
          void sent.push({ queueArn: arn, body: JSON.parse(body), attributes }),
        receive: async () => [],
        deleteMessages: async () => undefined,
      },
    },
  });
  const [events] = services.services;
  const client = new EventBridgeClient({
    endpoint: services.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  await events.provision(declaration('AWS::Events::EventBus', { Name: 'main' }));
  await events.resume?.();
  return { ...services, events, client };
}

function declaration(type: string, properties: Record<string, unknown>) {
  return { stackName: 'test', logicalId: 'R', type, properties };
}

function provisionRule(target: Record<string, unknown>, more: Record<string, unknown> = {}) {
  return served?.events.provision(
    declaration('AWS::Events::Rule', {
      Name: 'r',
      EventBusName: 'main',
      EventPattern: { source: ['millrace.x'] },
      Targets: [{ Id: 't', ...target }],
      ...more,
    }),
  );
}

function put(detail: string, more: Record<string, unknown> = {}) {
  const entry = {
    Source: 'millrace.x',
    DetailType: 'Done.v1',
    Detail: detail,
    EventBusName: 'main',
    ...more,
  };
  return served?.client.send(new PutEventsCommand({ Entries: [entry] }));
}

async function until(isReached: () => boolean) {
  while (!isReached()) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe('events', () => {
  it('invokes the function of a matching rule as EventBridge does', async () => {
    served = await serve();
    await provisionRule({ Arn: functionArn });
    const answer = await put('{"a":1}', { Time: new Date('2026-11-21T07:00:00.5Z'), Resources: ['arn:x'] });
    await until(() => invoked.length === 1);
    expect(answer?.FailedEntryCount).toBe(0);
    expect(invoked[0]).toEqual({
      principal: { kind: 'service', service: 'events.amazonaws.com', sourceArn: ruleArn },
      payload: {
        version: '0',
        id: answer?.Entries?.[0]?.EventId,
        'detail-type': 'Done.v1',
        source: 'millrace.x',
        account,
        time: '2026-11-21T07:00:00Z',
        region: 'us-east-1',
        resources: ['arn:x'],
        detail: { a: 1 },
      },
    });
  });

  it('delivers to machines, queues and other buses, each in its own form', async () => {
    served = await serve();
    await served.events.provision(declaration('AWS::Events::EventBus', { Name: 'other' }));
    const busArn = `arn:aws:events:us-east-1:${account}:event-bus/other`;
    await served.events.provision(
      declaration('AWS::Events::Rule', {
        Name: 'o',
        EventBusName: 'other',
        EventPattern: { detail: { a: [1] } },
        Targets: [{ Id: 't', Arn: queueArn, InputPath: '$.detail' }],
      }),
    );
    const RoleArn = `arn:aws:iam::${account}:role/start`;
    const InputTransformer = { InputPathsMap: { a: '$.detail.a' }, InputTemplate: '{"got": <a>}' };
    const Targets = [
      { Id: 'm', Arn: machineArn, RoleArn, InputTransformer },
      { Id: 'b', Arn: busArn, RoleArn },
    ];
    await provisionRule({}, { Targets });
    const answer = await put('{"a":1}');
    await until(() => sent.length === 1 && started.length === 1);
    expect(sent[0]).toEqual({ queueArn, body: { a: 1 }, attributes: undefined });
    expect(started[0]).toMatchObject({ arn: machineArn, input: { got: 1 } });
    expect(started[0]?.name).toMatch(new RegExp(`^${answer?.Entries?.[0]?.EventId}_.{36}$`));
  });

  it('leaves alone rules that do not match, are disabled or belong to another bus', async () => {
    served = await serve();
    await provisionRule({ Arn: functionArn });
    await put('{}', { Source: 'millrace.y' });
    await put('{}', { EventBusName: 'default' });
    await served.client.send(new DisableRuleCommand({ Name: 'r', EventBusName: 'main' }));
    await provisionRule({ Arn: functionArn });
    await put('{}');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(invoked).toEqual([]);
  });

  it('sends what a target refuses for good to the dead-letter queue, with the reason', async () => {
    served = await serve();
    failWith = new AwsError('ResourceNotFoundException', 'Function not found', 404);
    await provisionRule({ Arn: functionArn, DeadLetterConfig: { Arn: deadLetterArn } });
    await put('{"a":1}');
    await until(() => sent.length === 1);
    expect(sent[0]).toMatchObject({
      queueArn: deadLetterArn,
      body: { detail: { a: 1 } },
      attributes: {
        RULE_ARN: ruleArn,
        TARGET_ARN: functionArn,
        ERROR_CODE: 'NO_RESOURCE',
        ERROR_MESSAGE: 'Function not found',
        RETRY_ATTEMPTS: '0',
      },
    });
  });

  it('retries what may pass, as often as the policy says', async () => {
    served = await serve();
    failWith = new AwsError('TooManyRequestsException', 'Rate Exceeded', 429);
    const RetryPolicy = { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60 };
    await provisionRule({ Arn: functionArn, RetryPolicy, DeadLetterConfig: { Arn: deadLetterArn } });
    await put('{}');
    await until(() => sent.length === 1);
    expect(sent[0]?.attributes).toMatchObject({
      ERROR_CODE: 'THROTTLING',
      RETRY_ATTEMPTS: '1',
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
    });
  });

  it('delivers after a restart what was accepted before', async () => {
    served = await serve();
    failWith = new AwsError('ServiceException', 'down', 500);
    await provisionRule({ Arn: functionArn });
    await put('{"n":1}');
    await served.close();
    failWith = undefined;
    served = await serve();
    await until(() => invoked.length === 1);
    expect(invoked[0]?.payload['detail']).toEqual({ n: 1 });
    await served.close();
    served = await serve();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(invoked).toHaveLength(1);
  });

  it('drops, doubles and delays when the fault switch says so', async () => {
    let fate: readonly number[] = [];
    served = await serve({ faults: { deliveries: () => fate, beforeCall: () => undefined } });
    await provisionRule({ Arn: functionArn });
    await put('{"n":1}');
    fate = [10, 0];
    await put('{"n":2}');
    await until(() => invoked.length === 2);
    expect(invoked.map(({ payload }) => payload['detail'])).toEqual([{ n: 2 }, { n: 2 }]);
  });

  it('publishes for services to the default bus', async () => {
    served = await serve();
    await provisionRule(
      { Arn: functionArn },
      { EventBusName: 'default', EventPattern: { source: ['aws.s3'] } },
    );
    await served.events.publish([
      { source: 'aws.s3', detailType: 'Object Created', detail: { object: { key: 'k' } } },
    ]);
    await until(() => invoked.length === 1);
    expect(invoked[0]?.payload).toMatchObject({ source: 'aws.s3', detail: { object: { key: 'k' } } });
  });

  it('asks for PutEvents on the bus, and for other actions on the rule', async () => {
    const demanded: unknown[] = [];
    const iam = {
      ...allowEverything,
      demand: (_principal: Principal, needed: unknown) => void demanded.push(needed),
    };
    served = await serve({ apis: { iam } });
    const body = JSON.stringify({
      Entries: [{ Source: 's', DetailType: 'd', Detail: '{}', EventBusName: 'main' }],
    });
    const request = {
      headers: { 'x-amz-target': 'AWSEvents.PutEvents' },
      bytes: async () => Buffer.from(body),
    };
    expect(await served.events.authorize(request as never)).toEqual([
      {
        action: 'events:PutEvents',
        resource: `arn:aws:events:us-east-1:${account}:event-bus/main`,
        context: { 'events:source': 's', 'events:detail-type': 'd' },
      },
    ]);
  });

  it('creates rules and targets, lists them, tests patterns and refuses the rest', async () => {
    served = await serve();
    const { client } = served;
    await client.send(new PutRuleCommand({ Name: 'live', EventPattern: '{"source":["s"]}' }));
    await client.send(new PutTargetsCommand({ Rule: 'live', Targets: [{ Id: '1', Arn: queueArn }] }));
    await put('{}', { Source: 's', EventBusName: undefined });
    await until(() => sent.length === 1);
    const { Rules } = await client.send(new ListRulesCommand({}));
    expect(Rules).toMatchObject([{ Name: 'live', State: 'ENABLED', EventPattern: '{"source":["s"]}' }]);
    expect(await client.send(new DescribeEventBusCommand({ Name: 'main' }))).toMatchObject({ Name: 'main' });
    const tested = await client.send(
      new TestEventPatternCommand({ EventPattern: '{"a":[{"numeric":[">",1]}]}', Event: '{"a":2}' }),
    );
    expect(tested.Result).toBe(true);
    await expect(
      client.send(new PutRuleCommand({ Name: 'x', EventPattern: '{"a":1}' })),
    ).rejects.toMatchObject({
      name: 'InvalidEventPatternException',
    });
    await expect(
      client.send(new PutRuleCommand({ Name: 'x', ScheduleExpression: 'rate(1 days)' })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(client.send(new StartReplayCommand({} as never))).rejects.toMatchObject({
      name: 'NotImplemented',
    });
  });

  it.each([
    [
      'an unsupported target',
      { Arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s' },
      'Targets can be of lambda',
    ],
    [
      'a member that it cannot honour',
      { Arn: queueArn, SqsParameters: { MessageGroupId: 'g' } },
      'SqsParameters',
    ],
    ['a machine without a role', { Arn: machineArn }, 'RoleArn is required'],
    [
      'a template with an unknown placeholder',
      { Arn: queueArn, InputTransformer: { InputTemplate: '<x>' } },
      '<x>',
    ],
  ])('refuses %s', async (_title, target, message) => {
    served = await serve();
    await expect(provisionRule(target)).rejects.toThrow(message);
  });
});
