import { readFileSync } from 'node:fs';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GroundTruthReceived, PredictionBatchCaptured } from '#events/predictions.ts';
import { ModelVersionRegistered } from '#events/registry.ts';
import { listJourneys } from '#services/governance/contract.ts';
import {
  evaluateDriftNow,
  predictionPsiMetric,
  readDrift,
  readPerformance,
} from '#services/monitoring/contract.ts';
import { applyProject } from '#services/projects/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import type { BucketPurpose } from '#shared/kernel/names.ts';
import { RunningPlatform } from './running-platform.ts';

type Row = Readonly<Record<string, string>>;

const platform = new RunningPlatform();
const project = 'tumour';
const params = { project };
const example = (file: string) =>
  readFileSync(new URL(`../../examples/tumour/${file}`, import.meta.url), 'utf8');
const rowsOf = (file: string) => parse(example(`data/${file}`), { columns: true }) as Row[];
const known = rowsOf('first-upload.csv');
const shifted = rowsOf('shifted-rows.csv');
const shiftedLabels = rowsOf('shifted-labels.csv');
const inputs = Object.keys(known[0]!).filter((name) => !['sample_id', 'malignant'].includes(name));

/** A stand-in for a model: large nuclei are malignant. */
const probabilityOf = (row: Row): number => 1 / (1 + Math.exp(-(Number(row['worst_area']) - 880) / 120));
const featuresOf = (row: Row) => Object.fromEntries(inputs.map((name) => [name, Number(row[name])]));
const idOf = (row: Row): string => `i-${row['sample_id']}`;

const clientConfig = () => {
  const { awsUrl: endpoint, region, credentials } = platform.runtime.endpoints;
  return { endpoint, region, credentials };
};

async function put(bucket: BucketPurpose, Key: string, text: string): Promise<StoredObject> {
  const Bucket = platform.runtime.endpoints.buckets[bucket]!;
  await new S3Client({ ...clientConfig(), forcePathStyle: true }).send(
    new PutObjectCommand({ Bucket, Key, Body: text }),
  );
  return { uri: `s3://${Bucket}/${Key}`, sha256: sha256Hex(text), bytes: Buffer.byteLength(text) };
}

const metadataOf = (eventId: string, service: string) =>
  startingJourney({ eventId, occurredAt: new Date(), project, actor: { type: 'service', id: service } });

async function register(): Promise<void> {
  const trained = known.slice(0, 200);
  const csv = (values: readonly (readonly unknown[])[]) =>
    `${values.map((row) => row.join(',')).join('\n')}\n`;
  const features = await put(
    'data',
    'feature-store/tumour/set/train-features.csv',
    csv(trained.map((row) => inputs.map((name) => row[name]))),
  );
  const predictions = await put(
    'data',
    'transform/tumour/training/challenger/test-features.csv.out',
    csv(trained.map((row) => [probabilityOf(row)])),
  );
  await platform.publish(
    ModelVersionRegistered.create(metadataOf('registered-1', 'registry'), {
      project,
      model: project,
      modelVersion: 1,
      runId: 'run',
      trainingId: 'training',
      artifact: features,
      trainingImage: 'image',
      signature: {
        task: 'binary_classification',
        inputs: inputs.map((name) => ({ name, type: 'number' as const })),
        target: 'malignant',
        classes: ['0', '1'],
      },
      metrics: {},
      // A failed gate ends the release at once: nothing of it is needed here.
      evaluation: { verdict: 'Fail', report: features },
      reference: { features, predictions },
      recipe: {
        datasetVersion: 1,
        datasetSha256: features.sha256,
        trainingSetId: 'set',
        trainingSetSha256: features.sha256,
        projectRevision: 1,
        codeVersion: '0',
        trainingImage: 'image',
        seed: 17,
        hyperparameters: {},
      },
      projectRevision: 1,
      requestedBy: 'ada',
    }),
  );
}

/** Captures rows as the predictions service does. */
async function capture(name: string, rows: readonly Row[]) {
  const at = new Date().toISOString();
  const lines = rows.map((row) => {
    const probability = probabilityOf(row);
    return JSON.stringify({
      inferenceId: idOf(row),
      project,
      model: project,
      modelVersion: 1,
      at,
      features: featuresOf(row),
      prediction: {
        value: probability >= 0.5 ? '1' : '0',
        probabilities: { 0: 1 - probability, 1: probability },
      },
      caller: 'app',
    });
  });
  const stored = await put('captures', `predictions/tumour/v1/${name}.jsonl`, `${lines.join('\n')}\n`);
  const event = PredictionBatchCaptured.create(metadataOf(`captured-${name}`, 'predictions'), {
    project,
    model: project,
    modelVersion: 1,
    count: lines.length,
    firstAt: at,
    lastAt: at,
    capture: stored,
  });
  await platform.publish(event);
  return event;
}

async function label(name: string, labels: readonly { inferenceId: string; value: number }[]): Promise<void> {
  const at = new Date().toISOString();
  const text = labels.map((line) => JSON.stringify({ ...line, at })).join('\n');
  const stored = await put('captures', `ground-truth/tumour/${name}.jsonl`, `${text}\n`);
  await platform.publish(
    GroundTruthReceived.create(metadataOf(`labels-${name}`, 'predictions'), {
      project,
      count: labels.length,
      labels: stored,
    }),
  );
}

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

beforeAll(async () => {
  await platform.start();
  await platform.call(applyProject, { params, body: example('project.yaml') });
  await register();
});
afterAll(() => platform.close());

describe('monitoring', () => {
  it('finds rows of the same population stable, and counts an event that comes twice once', async () => {
    const first = await capture('first', known.slice(200, 260));
    await openWindow(60);
    await platform.publish(first);
    await capture('second', known.slice(260, 300));
    const [evaluation] = await evaluated(1);
    expect(evaluation).toMatchObject({ verdict: 'Stable', modelVersion: 1, window: { predictions: 100 } });
    expect(evaluation?.scores).toHaveLength(inputs.length + 1);
    expect(evaluation?.histograms['mean_radius']?.edges).toHaveLength(11);
  });

  it('meters the open window’s predictions, for the alarms of canaries', async () => {
    const values = await platform.eventually('the metric', async () => {
      const { MetricDataResults } = await new CloudWatchClient(clientConfig()).send(
        new GetMetricDataCommand({
          StartTime: new Date(Date.now() - 600_000),
          EndTime: new Date(Date.now() + 60_000),
          MetricDataQueries: [
            {
              Id: 'psi',
              MetricStat: {
                Metric: {
                  Namespace: 'Millrace',
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
