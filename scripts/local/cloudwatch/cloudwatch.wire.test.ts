import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  EnableAlarmActionsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutAnomalyDetectorCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, describe, expect, it } from 'vitest';
import type { EventEntry } from '../emulated-service.ts';
import { serveServices } from '../testing/serve-one.ts';
import { createCloudWatch } from './index.ts';

const nowMs = 1_700_000_040_000;
const at = (seconds: number) => new Date(nowMs + seconds * 1000);
let close: (() => Promise<void>) | undefined;
afterEach(async () => close?.());

async function serve() {
  const events: EventEntry[] = [];
  const served = await serveServices([(context) => createCloudWatch(context)], {
    now: () => nowMs,
    apis: { events: { publish: async (entries) => void events.push(...entries) } },
  });
  close = served.close;
  const client = new CloudWatchClient({
    endpoint: served.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  return { client, events };
}

const dimensions = [{ Name: 'endpoint', Value: 'tumour' }];

async function putLatencies(client: CloudWatchClient, count: number) {
  await client.send(
    new PutMetricDataCommand({
      Namespace: 'Millrace',
      MetricData: Array.from({ length: count }, (_, index) => ({
        MetricName: 'Latency',
        Dimensions: dimensions,
        Timestamp: at(0),
        Value: index + 1,
        Unit: 'Milliseconds' as const,
      })),
    }),
  );
}

describe('metrics over the wire', () => {
  it('are put, compressed when large, and read back as statistics', async () => {
    const { client } = await serve();
    await putLatencies(client, 100);
    const answer = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: 'Millrace',
        MetricName: 'Latency',
        Dimensions: dimensions,
        StartTime: at(-60),
        EndTime: at(60),
        Period: 60,
        Statistics: ['Average', 'Maximum', 'SampleCount'],
        ExtendedStatistics: ['p50'],
      }),
    );
    expect(answer.Datapoints).toEqual([
      {
        Timestamp: at(0),
        Unit: 'Milliseconds',
        Average: 50.5,
        Maximum: 100,
        SampleCount: 100,
        ExtendedStatistics: { p50: 50.5 },
      },
    ]);
  });

  it('answer queries and expressions', async () => {
    const { client } = await serve();
    await client.send(
      new PutMetricDataCommand({
        Namespace: 'Millrace',
        MetricData: [
          { MetricName: 'Errors', Timestamp: at(0), Value: 1 },
          { MetricName: 'Requests', Timestamp: at(0), Values: [1, 2], Counts: [2, 1] },
          {
            MetricName: 'Requests',
            Timestamp: at(60),
            StatisticValues: { SampleCount: 1, Sum: 7, Minimum: 7, Maximum: 7 },
          },
        ],
      }),
    );
    const stat = (MetricName: string) => ({
      Metric: { Namespace: 'Millrace', MetricName },
      Period: 60,
      Stat: 'Sum',
    });
    const answer = await client.send(
      new GetMetricDataCommand({
        StartTime: at(0),
        EndTime: at(120),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: [
          { Id: 'errors', MetricStat: stat('Errors'), ReturnData: false },
          { Id: 'requests', MetricStat: stat('Requests') },
          { Id: 'rate', Expression: 'FILL(errors, 0) / requests', Label: 'error rate' },
        ],
      }),
    );
    expect(answer.MetricDataResults).toEqual([
      {
        Id: 'requests',
        Label: 'Requests',
        Timestamps: [at(0), at(60)],
        Values: [4, 7],
        StatusCode: 'Complete',
      },
      {
        Id: 'rate',
        Label: 'error rate',
        Timestamps: [at(0), at(60)],
        Values: [0.25, 0],
        StatusCode: 'Complete',
      },
    ]);
  });

  it('are listed', async () => {
    const { client } = await serve();
    await putLatencies(client, 1);
    const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: 'Millrace' }));
    expect(Metrics).toEqual([{ Namespace: 'Millrace', MetricName: 'Latency', Dimensions: dimensions }]);
  });
});

describe('alarms over the wire', () => {
  it('are put, described, set, switched and deleted', async () => {
    const { client, events } = await serve();
    await client.send(
      new PutMetricAlarmCommand({
        AlarmName: 'latency',
        Namespace: 'Millrace',
        MetricName: 'Latency',
        Dimensions: dimensions,
        ExtendedStatistic: 'p99',
        Period: 10,
        EvaluationPeriods: 3,
        DatapointsToAlarm: 2,
        Threshold: 50,
        ComparisonOperator: 'GreaterThanThreshold',
        ActionsEnabled: false,
      }),
    );
    await client.send(
      new SetAlarmStateCommand({ AlarmName: 'latency', StateValue: 'ALARM', StateReason: 'a drill' }),
    );
    await client.send(new EnableAlarmActionsCommand({ AlarmNames: ['latency'] }));
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNamePrefix: 'lat' }));
    expect(MetricAlarms).toMatchObject([
      {
        AlarmName: 'latency',
        StateValue: 'ALARM',
        StateReason: 'a drill',
        DatapointsToAlarm: 2,
        ActionsEnabled: true,
      },
    ]);
    expect(events).toHaveLength(1);
    await client.send(new DeleteAlarmsCommand({ AlarmNames: ['latency'] }));
    expect((await client.send(new DescribeAlarmsCommand({}))).MetricAlarms).toEqual([]);
  });

  it('that do not exist are named', async () => {
    const { client } = await serve();
    await expect(
      client.send(new SetAlarmStateCommand({ AlarmName: 'nobody', StateValue: 'OK', StateReason: 'x' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFound', $metadata: { httpStatusCode: 404 } });
  });
});

describe('what is not imitated', () => {
  it('is refused by name', async () => {
    const { client } = await serve();
    await expect(client.send(new PutAnomalyDetectorCommand({}))).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('PutAnomalyDetector'),
    });
  });
});
