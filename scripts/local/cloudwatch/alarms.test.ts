import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventEntry } from '../emulated-service.ts';
import { makeTestContext } from '../testing/serve-one.ts';
import { createCloudWatch } from './index.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-alarms-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** A clock that runs what was scheduled when the test moves it. */
class Clock {
  nowMs = 1_700_000_040_000;
  readonly #planned = new Set<{ atMs: number; run: () => void }>();

  readonly schedule = (delayMs: number, run: () => void) => {
    const plan = { atMs: this.nowMs + delayMs, run };
    this.#planned.add(plan);
    return () => this.#planned.delete(plan);
  };
  get isIdle(): boolean {
    return this.#planned.size === 0;
  }
  async advance(milliseconds: number): Promise<void> {
    const untilMs = this.nowMs + milliseconds;
    for (;;) {
      const [next] = [...this.#planned].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.#planned.delete(next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.nowMs = untilMs;
  }
}

const topic = 'arn:aws:sns:us-east-1:000000000000:alerts';

async function start(clock: Clock) {
  const events: EventEntry[] = [];
  const messages: { topicArn: string; subject?: string; body: string }[] = [];
  const context = makeTestContext({
    dataDir,
    now: () => clock.nowMs,
    apis: {
      events: { publish: async (entries) => void events.push(...entries) },
      sns: { publish: async (topicArn, message) => void messages.push({ topicArn, ...message }) },
    },
  });
  const cloudwatch = createCloudWatch(context, clock.schedule);
  await cloudwatch.start();
  const put = (value: number) =>
    cloudwatch.putMetricData('Millrace', [{ name: 'Errors', value, dimensions: { service: 'predictions' } }]);
  return { cloudwatch, events, messages, put };
}

const declaration = {
  stackName: 's',
  logicalId: 'Alarm',
  type: 'AWS::CloudWatch::Alarm',
  properties: {
    AlarmName: 'errors',
    Namespace: 'Millrace',
    MetricName: 'Errors',
    Dimensions: [{ Name: 'service', Value: 'predictions' }],
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 3,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
    AlarmActions: [topic],
  },
};

const states = (events: readonly EventEntry[]) =>
  events.map(({ detail }) => (detail as { state: { value: string } }).state.value);

describe('an alarm', () => {
  it('fires before the period ends when the breach cannot be undone, and calms down when data stops', async () => {
    const clock = new Clock();
    const { cloudwatch, events, messages, put } = await start(clock);
    await cloudwatch.provision(declaration);
    await clock.advance(1_000);
    expect(states(events)).toEqual(['OK']);
    put(1);
    put(2);
    await clock.advance(1_000);
    expect(states(events)).toEqual(['OK', 'ALARM']);
    expect(events[1]).toMatchObject({
      source: 'aws.cloudwatch',
      detailType: 'CloudWatch Alarm State Change',
      resources: ['arn:aws:cloudwatch:us-east-1:000000000000:alarm:errors'],
      detail: {
        alarmName: 'errors',
        previousState: { value: 'OK' },
        configuration: { metrics: [{ metricStat: { metric: { name: 'Errors' }, stat: 'Sum', period: 60 } }] },
      },
    });
    expect(messages).toEqual([
      { topicArn: topic, subject: expect.stringMatching(/^ALARM: "errors"/), body: expect.any(String) },
    ]);
    expect(JSON.parse(messages[0]?.body ?? '')).toMatchObject({
      NewStateValue: 'ALARM',
      OldStateValue: 'OK',
    });
    await clock.advance(6 * 60_000);
    expect(states(events)).toEqual(['OK', 'ALARM', 'OK']);
    expect(clock.isIdle).toBe(true);
  });

  it('waits for the end of the period where more data could undo the breach', async () => {
    const clock = new Clock();
    const { cloudwatch, events, put } = await start(clock);
    const properties = { ...declaration.properties, Statistic: 'Average' };
    await cloudwatch.provision({ ...declaration, properties });
    put(10);
    await clock.advance(1_000);
    expect(states(events)).toEqual(['OK']);
    await clock.advance(60_000);
    expect(states(events)).toEqual(['OK', 'ALARM']);
  });

  it('keeps its state over a restart and announces nothing twice', async () => {
    const clock = new Clock();
    const first = await start(clock);
    await first.cloudwatch.provision(declaration);
    first.put(5);
    await clock.advance(1_000);
    await first.cloudwatch.stop();
    const second = await start(clock);
    await second.cloudwatch.provision(declaration);
    await second.cloudwatch.resume?.();
    await clock.advance(1_000);
    expect(states(first.events)).toEqual(['ALARM']);
    expect(second.events).toEqual([]);
    await second.cloudwatch.stop();
  });

  it('compares what an expression of metrics gives', async () => {
    const clock = new Clock();
    const { cloudwatch, events } = await start(clock);
    const metric = (Id: string, MetricName: string) => ({
      Id,
      ReturnData: false,
      MetricStat: { Metric: { Namespace: 'N', MetricName }, Period: 60, Stat: 'Sum' },
    });
    await cloudwatch.provision({
      ...declaration,
      properties: {
        AlarmName: 'rate',
        Metrics: [
          { Id: 'rate', Expression: 'errors / requests' },
          metric('errors', 'E'),
          metric('requests', 'R'),
        ],
        EvaluationPeriods: 1,
        Threshold: 0.1,
        ComparisonOperator: 'GreaterThanThreshold',
      },
    });
    cloudwatch.putMetricData('N', [
      { name: 'E', value: 1, dimensions: {} },
      { name: 'R', value: 4, dimensions: {} },
    ]);
    await clock.advance(61_000);
    expect(states(events)).toEqual(['ALARM']);
  });

  it.each([
    [{ Period: 45 }, /Period/],
    [{ Statistic: 'Median' }, /Statistic/],
    [{ DatapointsToAlarm: 2 }, /DatapointsToAlarm/],
    [{ AlarmActions: ['arn:aws:ssm:us-east-1:000000000000:opsitem:1'] }, /AlarmActions/],
    [{ ThresholdMetricId: 'band' }, /ThresholdMetricId/],
  ])('is refused with %j', async (change, message) => {
    const { cloudwatch } = await start(new Clock());
    const properties = { ...declaration.properties, ...change };
    await expect(cloudwatch.provision({ ...declaration, properties })).rejects.toThrow(message);
  });
});
