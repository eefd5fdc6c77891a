import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningPlatform } from './running-platform.ts';

const platform = new RunningPlatform();
const config = () => {
  const { awsUrl: endpoint, region, credentials } = platform.runtime.endpoints;
  return { endpoint, region, credentials };
};

beforeAll(() => platform.start());
afterAll(() => platform.close());

const invocations = async (functionName: string): Promise<number> => {
  const { Datapoints } = await new CloudWatchClient(config()).send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/Lambda',
      MetricName: 'Invocations',
      Dimensions: [{ Name: 'FunctionName', Value: functionName }],
      StartTime: new Date(Date.now() - 3_600_000),
      EndTime: new Date(Date.now() + 60_000),
      Period: 3600,
      Statistics: ['Sum'],
    }),
  );
  return (Datapoints ?? []).reduce((sum, { Sum = 0 }) => sum + Sum, 0);
};

describe('a schedule', () => {
  it('calls its function in the name of its own role when its time comes', async () => {
    const scheduler = new SchedulerClient(config());
    const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({}));
    const names = Schedules.map(({ Name, GroupName }) => ({ Name, GroupName }));
    expect(names.length).toBeGreaterThan(0);
    const atSoon = `at(${new Date(Date.now() + 2000).toISOString().slice(0, 19)})`;
    const functionNames: string[] = [];
    for (const name of names) {
      const { Target, FlexibleTimeWindow } = await scheduler.send(new GetScheduleCommand(name));
      functionNames.push(Target!.Arn!.split(':').at(-1)!);
      await scheduler.send(
        new UpdateScheduleCommand({ ...name, ScheduleExpression: atSoon, Target, FlexibleTimeWindow }),
      );
    }
    for (const functionName of functionNames)
      await platform.eventually(`a call of ${functionName}`, async () =>
        (await invocations(functionName)) > 0 ? true : undefined,
      );
  });
});
