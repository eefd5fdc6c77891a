import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AwsError, type Principal } from '../emulated-service.ts';
import { makeTestContext } from '../testing/serve-one.ts';
import { createScheduler } from './index.ts';

const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const RoleArn = 'arn:aws:iam::000000000000:role/schedule';
let dataDir: string;
let invoked: { time: string; payload: unknown; principal: Principal }[];
let dead: { body: string; principal: Principal; attributes: Readonly<Record<string, string>> | undefined }[];
let failWith: Error | undefined;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-21T07:00:00Z') });
  dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-scheduler-'));
  [invoked, dead, failWith] = [[], [], undefined];
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(dataDir, { recursive: true });
});

async function start() {
  const context = makeTestContext({
    dataDir,
    apis: {
      cloudwatch: { putMetricData: () => undefined },
      lambda: {
        invoke: async (_name, payload, { principal }) => {
          if (failWith !== undefined) throw failWith;
          invoked.push({ time: new Date().toISOString().slice(11, 19), payload, principal });
          return { payload: null };
        },
      },
      sqs: {
        sendMessage: async (_arn, body, { principal, attributes }) =>
          void dead.push({ body, principal, attributes }),
        receive: async () => [],
        deleteMessages: async () => undefined,
      },
    },
  });
  const scheduler = createScheduler(context);
  await scheduler.start();
  return scheduler;
}

function declare(scheduler: Awaited<ReturnType<typeof start>>, properties: Record<string, unknown>) {
  const { Target, ...rest } = properties;
  return scheduler.provision({
    stackName: 's',
    logicalId: 'S',
    type: 'AWS::Scheduler::Schedule',
    properties: {
      Name: 'n',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: functionArn, RoleArn, Input: '{"a":1}', ...(Target as object) },
      ...rest,
    },
  });
}
const times = () => invoked.map(({ time }) => time);
const pass = (minutes: number) => vi.advanceTimersByTimeAsync(minutes * 60_000);

describe('a schedule', () => {
  it('invokes its target at each of its times, under its role', async () => {
    const scheduler = await start();
    await declare(scheduler, { ScheduleExpression: 'cron(0/10 * * * ? *)' });
    await scheduler.resume?.();
    await pass(25);
    expect(times()).toEqual(['07:10:00', '07:20:00']);
    expect(invoked[0]).toMatchObject({ payload: { a: 1 }, principal: { kind: 'role', roleArn: RoleArn } });
    await scheduler.stop();
  });

  it('counts a rate from its creation, over restarts, and does not make up for what it missed', async () => {
    const first = await start();
    await declare(first, { ScheduleExpression: 'rate(10 minutes)' });
    await first.resume?.();
    await pass(12);
    await first.stop();
    await pass(13);
    const second = await start();
    await declare(second, { ScheduleExpression: 'rate(10 minutes)' });
    await second.resume?.();
    await pass(10);
    expect(times()).toEqual(['07:10:00', '07:30:00']);
    await second.stop();
  });

  it('invokes once at its time, also when the runtime was stopped then, and is gone when it says so', async () => {
    const first = await start();
    await declare(first, { ScheduleExpression: 'at(2026-11-21T07:05:00)', ActionAfterCompletion: 'DELETE' });
    await first.resume?.();
    await pass(1);
    await first.stop();
    await pass(30);
    const second = await start();
    await second.resume?.();
    await pass(1);
    expect(times()).toEqual(['07:31:00']);
    await second.stop();
    const third = await start();
    await third.resume?.();
    await pass(60);
    expect(times()).toHaveLength(1);
    await third.stop();
  });

  it('keeps to its start and end dates and its zone', async () => {
    const scheduler = await start();
    await declare(scheduler, {
      ScheduleExpression: 'rate(5 minutes)',
      StartDate: '2026-11-21T07:03:00Z',
      EndDate: '2026-11-21T07:10:00Z',
    });
    await declare(scheduler, {
      Name: 'zoned',
      ScheduleExpression: 'cron(30 8 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
    });
    await scheduler.resume?.();
    await pass(60);
    expect(times()).toEqual(['07:03:00', '07:08:00', '07:30:00']);
    await scheduler.stop();
  });

  it('fills in its context attributes and has an event of its own without Input', async () => {
    const scheduler = await start();
    const ScheduleExpression = 'at(2026-11-21T07:00:01)';
    await declare(scheduler, {
      ScheduleExpression,
      Target: { Input: '{"at":"<aws.scheduler.scheduled-time>"}' },
    });
    await declare(scheduler, { Name: 'bare', ScheduleExpression, Target: { Input: undefined } });
    await scheduler.resume?.();
    await pass(1);
    expect(invoked[0]?.payload).toEqual({ at: '2026-11-21T07:00:01Z' });
    expect(invoked[1]?.payload).toMatchObject({
      source: 'aws.scheduler',
      'detail-type': 'Scheduled Event',
      detail: '{}',
    });
    await scheduler.stop();
  });

  it('sends to its dead-letter queue what the target does not take', async () => {
    const scheduler = await start();
    failWith = new AwsError('TooManyRequestsException', 'Rate Exceeded', 429);
    const Target = {
      RetryPolicy: { MaximumRetryAttempts: 2 },
      DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:000000000000:d' },
    };
    await declare(scheduler, { ScheduleExpression: 'at(2026-11-21T07:00:01)', Target });
    await scheduler.resume?.();
    await pass(5);
    expect(dead).toMatchObject([
      {
        body: '{"a":1}',
        principal: { roleArn: RoleArn },
        attributes: { ERROR_CODE: 'THROTTLING', RETRY_ATTEMPTS: '2' },
      },
    ]);
    await scheduler.stop();
  });

  it.each([
    [
      'an unknown target',
      { ScheduleExpression: 'rate(1 day)', Target: { Arn: 'arn:aws:scheduler:::aws-sdk:s3:listBuckets' } },
      'Targets can be of',
    ],
    ['a wrong expression', { ScheduleExpression: 'rate(1 days)' }, 'rate(1 days)'],
    [
      'an unknown zone',
      { ScheduleExpression: 'cron(0 1 * * ? *)', ScheduleExpressionTimezone: 'Mars/Base' },
      'ScheduleExpression',
    ],
    [
      'an unknown group',
      { ScheduleExpression: 'rate(1 day)', GroupName: 'g' },
      'Schedule group g does not exist',
    ],
  ])('is refused with %s', async (_title, properties, message) => {
    const scheduler = await start();
    await expect(declare(scheduler, properties)).rejects.toThrow(message);
  });
});
