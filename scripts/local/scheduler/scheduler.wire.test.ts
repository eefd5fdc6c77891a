import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { afterEach, describe, expect, it } from 'vitest';
import { serveServices } from '../testing/serve-one.ts';
import { createScheduler } from './index.ts';

let served: Awaited<ReturnType<typeof serve>>;
afterEach(() => served.close());

const started: { arn: string; input: unknown; name: string | undefined }[] = [];
const Arn = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';
const Target = { Arn, RoleArn: 'arn:aws:iam::000000000000:role/r', Input: '{"a":1}' };
const FlexibleTimeWindow = { Mode: 'OFF' } as const;

async function serve() {
  started.length = 0;
  const services = await serveServices([createScheduler], {
    apis: {
      cloudwatch: { putMetricData: () => undefined },
      states: {
        startExecution: async (arn, input, { name }) => {
          started.push({ arn, input, name });
          return { executionArn: 'x' };
        },
      },
    },
  });
  await services.services[0].resume?.();
  const client = new SchedulerClient({
    endpoint: services.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  return { ...services, client };
}

/** The whole second after next, as at() writes it. */
const soon = () => `at(${new Date(Date.now() + 1500).toISOString().slice(0, 19)})`;

describe('scheduler', () => {
  it('creates a one-time schedule that starts an execution and then deletes itself', async () => {
    served = await serve();
    const { client } = served;
    const created = await client.send(
      new CreateScheduleCommand({
        Name: 'once',
        ScheduleExpression: soon(),
        FlexibleTimeWindow,
        Target,
        ActionAfterCompletion: 'DELETE',
      }),
    );
    expect(created.ScheduleArn).toBe('arn:aws:scheduler:us-east-1:000000000000:schedule/default/once');
    while (started.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(started[0]).toMatchObject({
      arn: Arn,
      input: { a: 1 },
      name: expect.stringMatching(/^[\w-]{36}$/),
    });
    await expect(client.send(new GetScheduleCommand({ Name: 'once' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('describes, changes, lists and deletes schedules in their groups', async () => {
    served = await serve();
    const { client } = served;
    await client.send(new CreateScheduleGroupCommand({ Name: 'g' }));
    const base = { GroupName: 'g', ScheduleExpression: 'rate(1 hour)', FlexibleTimeWindow, Target };
    await client.send(
      new CreateScheduleCommand({ ...base, Name: 'a', StartDate: new Date('2027-01-01T00:00:00Z') }),
    );
    await client.send(new CreateScheduleCommand({ ...base, Name: 'b', State: 'DISABLED' }));
    expect(await client.send(new GetScheduleCommand({ Name: 'a', GroupName: 'g' }))).toMatchObject({
      ScheduleExpression: 'rate(1 hour)',
      ScheduleExpressionTimezone: 'UTC',
      StartDate: new Date('2027-01-01T00:00:00Z'),
      State: 'ENABLED',
      Target,
    });
    const first = await client.send(new ListSchedulesCommand({ GroupName: 'g', MaxResults: 1 }));
    const { NextToken } = first;
    const second = await client.send(new ListSchedulesCommand({ GroupName: 'g', MaxResults: 1, NextToken }));
    expect([first, second].map(({ Schedules }) => Schedules?.[0]?.Name)).toEqual(['a', 'b']);
    await client.send(new UpdateScheduleCommand({ ...base, Name: 'b' }));
    const enabled = await client.send(new ListSchedulesCommand({ GroupName: 'g', State: 'ENABLED' }));
    expect(enabled.Schedules).toHaveLength(2);
    await client.send(new DeleteScheduleCommand({ Name: 'a', GroupName: 'g' }));
    await client.send(new DeleteScheduleGroupCommand({ Name: 'g' }));
    const { ScheduleGroups } = await client.send(new ListScheduleGroupsCommand({}));
    expect(ScheduleGroups?.map(({ Name }) => Name)).toEqual(['default']);
  });

  it('refuses a name that is taken, wrong input and what it does not imitate', async () => {
    served = await serve();
    const { client } = served;
    const input = { Name: 'a', ScheduleExpression: 'rate(1 hour)', FlexibleTimeWindow, Target };
    await client.send(new CreateScheduleCommand(input));
    await expect(client.send(new CreateScheduleCommand(input))).rejects.toMatchObject({
      name: 'ConflictException',
    });
    await expect(
      client.send(new CreateScheduleCommand({ ...input, Name: 'b', ScheduleExpression: 'soon' })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(client.send(new ListTagsForResourceCommand({ ResourceArn: Arn }))).rejects.toMatchObject({
      name: 'NotImplemented',
    });
  });
});
