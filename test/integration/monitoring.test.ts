import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listJourneys } from '#services/governance/contract.ts';
import {
  evaluateDriftNow,
  predictionPsiMetric,
  readDrift,
  readPerformance,
} from '#services/monitoring/contract.ts';
import { applyProject } from '#services/projects/contract.ts';
import { metricsNamespace } from '#shared/kernel/names.ts';
import {
  example,
  idOf,
  inputs,
  known,
  monitoredModel,
  project,
  shifted,
  shiftedLabels,
} from './monitored-model.ts';
import { RunningPlatform } from './running-platform.ts';

const platform = new RunningPlatform();
const { register, capture, label } = monitoredModel(platform);
const params = { project };

const drift = async () => (await platform.call(readDrift, { params })).body;
const performance = async () => (await platform.call(readPerformance, { params })).body.measurements;
const openWindow = (predictions: number) =>
  platform.eventually(`an open window of ${predictions} predictions`, async () => {
    const window = (await drift()).openWindow;
    return window?.predictions === predictions ? window : undefined;
  });
const evaluated = (count: number) =>
  platform.eventually(`${count} evaluations`, async () => {
    const { evaluations } = await drift();
    return evaluations.length === count ? evaluations : undefined;
  });

/** Makes the open window of a version as old as time would have made it. */
const makeOld = async (modelVersion: number) => {
  const { awsUrl: endpoint, region, credentials } = platform.runtime.endpoints;
  await new DynamoDBClient({ endpoint, region, credentials }).send(
    new UpdateItemCommand({
      TableName: 'millrace-local-monitoring',
      Key: { pk: { S: `PROJECT#${project}` }, sk: { S: `OPEN#v${String(modelVersion).padStart(8, '0')}` } },
      UpdateExpression: 'SET held.openedAt = :long_ago',
      ExpressionAttributeValues: { ':long_ago': { S: '2020-01-01T00:00:00.000Z' } },
    }),
  );
};

beforeAll(async () => {
  await platform.start();
  await platform.call(applyProject, { params, body: example('project.yaml') });
  await register();
});
afterAll(() => platform.close());

describe('monitoring', () => {
  it('finds rows of the same population stable, and counts an event that comes twice once', async () => {
    const first = await capture('first', known.slice(140, 200));
    await openWindow(60);
    await platform.publish(first);
    await capture('second', known.slice(200, 240));
    const [evaluation] = await evaluated(1);
    expect(evaluation).toMatchObject({ verdict: 'Stable', modelVersion: 1, window: { predictions: 100 } });
    expect(evaluation?.scores).toHaveLength(inputs.length + 1);
    expect(evaluation?.histograms['mean_radius']?.edges).toHaveLength(11);
  });

  it('meters the open window’s predictions, for the alarms of canaries', async () => {
    const { awsUrl: endpoint, region, credentials } = platform.runtime.endpoints;
    const values = await platform.eventually('the metric', async () => {
      const { MetricDataResults } = await new CloudWatchClient({ endpoint, region, credentials }).send(
        new GetMetricDataCommand({
          StartTime: new Date(Date.now() - 600_000),
          EndTime: new Date(Date.now() + 60_000),
          MetricDataQueries: [
            {
              Id: 'psi',
              MetricStat: {
                Metric: {
                  Namespace: metricsNamespace('local'),
                  MetricName: predictionPsiMetric.name,
                  Dimensions: [
                    { Name: 'service', Value: predictionPsiMetric.service },
                    { Name: 'Project', Value: project },
                    { Name: 'ModelVersion', Value: '1' },
                  ],
                },
                Period: 1,
                Stat: 'Maximum',
              },
            },
          ],
        }),
      );
      const found = MetricDataResults?.[0]?.Values ?? [];
      return found.length > 0 ? found : undefined;
    });
    expect(values.every((value) => value >= 0 && value < 0.5)).toBe(true);
  });

  it('finds rows of another scanner drifted when a person asks, and the governor hears of it', async () => {
    await capture('shifted', shifted.slice(0, 80));
    await openWindow(80);
    const { status, body } = await platform.call(evaluateDriftNow, { params });
    expect(status).toBe(200);
    expect(body.evaluations).toMatchObject([{ verdict: 'Drift', window: { predictions: 80 } }]);
    expect(body.evaluations[0]?.scores[0]).toMatchObject({ drifted: true, test: 'kolmogorov_smirnov' });
    const journey = await platform.eventually('the journey of the finding', async () => {
      const { items } = (await platform.call(listJourneys, { params })).body;
      return items.find(({ journeyId }) => journeyId === body.evaluations[0]?.window.windowId);
    });
    expect(journey.cause).toBe('Drift of version 1');
    const again = await platform.call(evaluateDriftNow, { params });
    expect(again.body.evaluations).toEqual([]);
  });

  it('joins labels to closed windows, and those that came too early when their window closes', async () => {
    const truths = shiftedLabels.map((row) => ({ inferenceId: idOf(row), value: Number(row['malignant']) }));
    await label('closed', [...truths.slice(0, 80), { inferenceId: 'nobody', value: 1 }]);
    const [measured] = await platform.eventually('a measurement', async () => {
      const measurements = await performance();
      return measurements.length > 0 ? measurements : undefined;
    });
    expect(measured).toMatchObject({ labelled: 80, coverage: 1 });
    expect(measured?.metrics['accuracy']).toBeGreaterThan(0);

    await capture('last', shifted.slice(80));
    await openWindow(20);
    await label('early', truths.slice(80));
    await platform.call(evaluateDriftNow, { params });
    const [newest] = await platform.eventually('the measurement of the last window', async () => {
      const measurements = await performance();
      return measurements.length > 1 ? measurements : undefined;
    });
    expect(newest).toMatchObject({ labelled: 20, verdict: 'InsufficientData' });
  });

  it('lets the hourly round pass over windows that are not due', async () => {
    await capture('young', known.slice(0, 10));
    await openWindow(10);
    await platform.invoke('monitoring', 'every-hour', {});
    expect((await drift()).openWindow?.predictions).toBe(10);
  });

  it('judges a window that got old in the hourly round', async () => {
    const { evaluations: before } = await drift();
    await makeOld(1);
    await platform.invoke('monitoring', 'every-hour', {});
    const { evaluations, openWindow } = await drift();
    expect(openWindow).toBeUndefined();
    expect(evaluations).toHaveLength(before.length + 1);
    expect(evaluations[0]).toMatchObject({
      verdict: 'InsufficientData',
      window: { predictions: 10 },
    });
  });
});

describe('bad input', () => {
  it.each([
    ['a limit of 0', { limit: '0' }, /limit/],
    ['a limit that is no number', { limit: 'all' }, /limit/],
    ['more than 50', { limit: '51' }, /limit/],
  ])('with %s is told', async (_case, query, message) => {
    for (const endpoint of [readDrift, readPerformance]) {
      const answer = await platform.call(endpoint, { params, query: query as never });
      expect(answer.status).toBe(400);
      expect(answer.problem.detail).toMatch(message);
    }
  });

  it('from somebody who may only read is refused', async () => {
    const viewer = { id: 'vic', grants: [{ project, role: 'viewer' as const }] };
    const answer = await platform.call(evaluateDriftNow, { params, as: viewer });
    expect([answer.status, answer.problem.code]).toEqual([403, 'RoleMissing']);
  });
});
