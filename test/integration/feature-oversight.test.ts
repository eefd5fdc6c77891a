import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUpload } from '#services/datasets/contract.ts';
import {
  checkFeatureSkew,
  listFeatureSkew,
  readFeatureErasure,
  readFeatureFreshness,
  requestFeatureErasure,
} from '#services/feature-store/contract.ts';
import { listJourneys } from '#services/governance/contract.ts';
import type { CapturedPrediction } from '#services/predictions/contract.ts';
import { applyProject } from '#services/projects/contract.ts';
import { readValidation } from '#services/validation/contract.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type ServiceName, tableName } from '#shared/kernel/names.ts';
import { parseS3Uri } from '#shared/kernel/s3-uri.ts';
import { createCaptureFiles } from '../../services/feature-store/store/capture-files.ts';
import { createPinningModelStore } from '../../services/feature-store/store/definition-store.ts';
import { createOnlineValues } from '../../services/feature-store/store/online-values.ts';
import { createCaptures } from '../../services/predictions/store/captures.ts';
import { RunningPlatform } from './running-platform.ts';

const platform = new RunningPlatform();
const project = 'rides';
const projectFile = `name: ${project}
owners: [ada]
data:
  primaryKey: id
  eventTime: event_at
  checks: { minRows: 10 }
  columns:
    id: { type: string }
    driver_id: { type: integer }
    event_at: { type: timestamp }
    rate: { type: number }
    y: { type: integer, allowed: [0, 1] }
target: { column: y, task: binary_classification }
excludeFeatures: [driver_id]
training: { onNewData: never }
features:
  entities:
    driver: { joinKeys: { driver_id: integer } }
  sources:
    ratings: { type: dataset }
  featureViews:
    ratings: { entities: [driver], source: ratings, schema: { rate: number }, freshness: { maxLag: 1h } }
  featureServices:
    inputs: { features: [ratings] }
`;
/** Drivers 7, 8 and 9 in turn; the newest rate of each is that of its last row. */
const rows = `id,driver_id,event_at,rate,y\n${Array.from(
  { length: 30 },
  (_none, n) => `r${n},${7 + (n % 3)},2026-01-01T00:00:${String(n).padStart(2, '0')}Z,${n},${n % 2}`,
).join('\n')}\n`;

function tableOf(service: ServiceName) {
  const { awsUrl: endpoint, region, credentials } = platform.runtime.endpoints;
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region, credentials }), {
    marshallOptions: { removeUndefinedValues: true },
  });
  return createTable(client, tableName('local', service));
}
const captures = () => createCaptures(tableOf('predictions'), systemClock);
const captureFiles = () =>
  createCaptureFiles(tableOf('feature-store')).list(project, {
    from: '2026-01-01T00:00:00.000Z',
    to: new Date().toISOString(),
  });
const view = { project, view: 'ratings', version: 1 };
const answersOf = async (driver: number) => {
  const pinned = {
    ...view,
    joinKeys: [{ name: 'driver_id', type: 'integer' as const }],
    store: 'dynamodb' as const,
    features: [{ name: 'rate', type: 'number' as const, sensitive: false, as: 'rate' }],
    aggregations: [],
  };
  const reader = createOnlineValues(tableOf('feature-store'));
  return (await reader.read(project, [{ view: pinned, keys: [[driver]] }], Date.now() * 1000))[0]![0]!;
};

const prediction = (index: number, driver: number, rate: number, eventAt: string): CapturedPrediction => ({
  inferenceId: `request-${index}`,
  project,
  model: project,
  modelVersion: 1,
  at: new Date().toISOString(),
  features: { rate },
  prediction: { value: 1 },
  caller: 'app',
  served: {
    service: 'inputs',
    version: 1,
    joinKeys: { driver_id: driver },
    views: [{ view: 'ratings', version: 1, status: 'PRESENT', eventAt }],
  },
});

beforeAll(async () => {
  await platform.start();
  await platform.call(applyProject, { params: { project }, body: projectFile });
  const body = { fileName: 'rows.csv', bytes: Buffer.byteLength(rows) };
  const { body: address } = await platform.call(createUpload, { params: { project }, body });
  const { headers } = address;
  expect((await fetch(address.url, { method: 'PUT', headers, body: rows })).status).toBe(200);
  await platform.eventually('the report on the upload', async () => {
    const params = { project, datasetVersion: 1 };
    const { status, body: report } = await platform.call(readValidation, { params });
    return status === 200 && report.verdict === 'Pass' ? report : undefined;
  });
  await platform.eventually('the values of driver 7 online', async () =>
    (await answersOf(7)).status === 'PRESENT' ? true : undefined,
  );
});
afterAll(() => platform.close());

describe('features that are served', () => {
  it('are told to be old, once', async () => {
    await platform.invoke('feature-store', 'every-quarter-hour', {});
    await platform.invoke('feature-store', 'every-quarter-hour', {});
    const { body } = await platform.call(readFeatureFreshness, { params: { project } });
    expect(body.views).toMatchObject([
      { view: 'ratings', status: 'breached', newestEventAt: '2026-01-01T00:00:29.000Z', maxLagSeconds: 3600 },
    ]);
    const journey = await journeyOf('Freshness of ratings');
    expect(journey).toMatchObject({ status: 'failed', steps: [{ step: 'freshness' }] });
  });

  it('are compared with what training would have seen', async () => {
    const nothing = await platform.call(checkFeatureSkew, { params: { project } });
    expect(nothing.problem).toMatchObject({ code: 'NothingServed' });
    await createPinningModelStore(tableOf('feature-store')).add(
      { project, service: 'inputs', version: 1, model: project, modelVersion: 1 },
      { consumer: 'test', eventId: 'pin' },
    );
    await captures().savePredictions('request', [
      prediction(0, 7, 27, '2026-01-01T00:00:27.000Z'),
      prediction(1, 8, 25, '2026-01-01T00:00:25.000Z'),
      prediction(2, 9, 4, '2026-01-01T00:00:29.000Z'),
    ]);
    await platform.eventually('the file of the predictions', async () =>
      (await captureFiles()).length > 0 ? true : undefined,
    );
    const { status } = await platform.call(checkFeatureSkew, { params: { project } });
    expect(status).toBe(202);
    const report = await platform.eventually('a report on skew', async () => {
      const { body } = await platform.call(listFeatureSkew, { params: { project } });
      return body.items[0];
    });
    expect(report).toMatchObject({
      featureService: { service: 'inputs', version: 1 },
      inferences: 3,
      verdict: 'Fail',
      features: [{ feature: 'rate', compared: 3, stale: 1, different: 1 }],
    });
    expect(
      report.features[0]!.examples.map(({ kind, served, offline }) => [kind, served, offline]).sort(),
    ).toEqual([
      ['different', 4, 29],
      ['stale', 25, 28],
    ]);
    expect(await journeyOf('Serving skew of inputs')).toMatchObject({ status: 'failed' });
  });

  it('are erased by key from online values, captured predictions and reports', async () => {
    const [file] = await captureFiles();
    const { status, body } = await platform.call(requestFeatureErasure, {
      params: { project },
      body: { entity: 'driver', keys: [{ driver_id: 8 }], reason: 'Consent was withdrawn.' },
    });
    expect(status).toBe(202);
    const { erasureId } = body;
    const done = await platform.eventually('the end of the erasure', async () => {
      const answer = await platform.call(readFeatureErasure, { params: { project, erasureId } });
      return answer.body.status === 'running' ? undefined : answer.body;
    });
    expect(done).toMatchObject({
      status: 'done',
      certificateText: {
        onlineValuesDeleted: 1,
        predictionsErased: 1,
        remaining: expect.arrayContaining([expect.objectContaining({ kind: 'dataset', id: project })]),
      },
    });
    expect([(await answersOf(8)).status, (await answersOf(7)).status]).toEqual(['NOT_FOUND', 'PRESENT']);
    expect(await captures().findPrediction(project, 'request-1')).toBeUndefined();
    expect(await captures().findPrediction(project, 'request-0')).toBeDefined();
    const { bucket, key } = parseS3Uri(file!.object.uri);
    expect(bucket).toContain('captures');
    expect((await platform.read('captures', key)).toString()).not.toContain('request-1');
    expect((await captureFiles())[0]).toMatchObject({ count: 2 });
    const { body: reports } = await platform.call(listFeatureSkew, { params: { project } });
    expect(reports.items[0]!.features[0]!.examples.map(({ inferenceId }) => inferenceId)).toEqual([
      'request-2',
    ]);
    expect(await journeyOf('Erasure of driver asked for by ann')).toMatchObject({ status: 'done' });
  });
});

const journeyOf = (cause: string) =>
  platform.eventually(`the journey '${cause}'`, async () => {
    const { body } = await platform.call(listJourneys, { params: { project }, query: { limit: 20 } });
    return body.items.find((journey) => journey.cause === cause && journey.status !== 'running');
  });
