import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as approvals from '#services/approvals/contract.ts';
import { listMaterializations } from '#services/feature-store/contract.ts';
import { getPrediction, predict } from '#services/predictions/contract.ts';
import { applyProject } from '#services/projects/contract.ts';
import { isTrained, listModelVersions } from '#services/registry/contract.ts';
import { listTrainings } from '#services/training/contract.ts';
import { RunningPlatform } from './running-platform.ts';

/** From two uploads to predictions by entity key: a project that holds what is known of drivers, and one whose model uses it. */
const platform = new RunningPlatform();
const params = { project: 'rides' };

const driversFile = `name: drivers
owners: [ada]
data:
  primaryKey: log_id
  eventTime: logged_at
  columns:
    log_id: { type: string }
    logged_at: { type: timestamp }
    driver_id: { type: string }
    rating: { type: number }
    trips: { type: integer }
`;

const ridesFile = `name: rides
owners: [ada]
data:
  primaryKey: ride_id
  eventTime: requested_at
  columns:
    ride_id: { type: string }
    requested_at: { type: timestamp }
    driver_id: { type: string }
    distance: { type: number }
    tipped: { type: integer, allowed: [0, 1] }
target: { column: tipped, task: binary_classification }
excludeFeatures: [driver_id]
features:
  entities:
    driver: { joinKeys: { driver_id: string } }
  sources:
    driver_log: { type: dataset, dataset: drivers, availabilityDelay: 1m }
  featureViews:
    driver_stats:
      entities: [driver]
      source: driver_log
      schema: { rating: number, trips: integer }
  onDemandFeatureViews:
    effort:
      request: { distance: number }
      views: [driver_stats]
      features:
        effort: { type: number, expression: 'distance * rating' }
  featureServices:
    ride_model: { features: [driver_stats, effort] }
training: { featureService: ride_model, hyperparameters: { num_round: 10 } }
deployment:
  canary: { trafficShare: 0.5, bakeSeconds: 20 }
gates: { minTestRows: 10 }
`;

const drivers = 12;
const ratingOf = (driver: number, day: number): number =>
  Math.round((1 + ((driver * 7 + day * 3) % 40) / 10) * 10) / 10;
const days = 20;
const dayText = (day: number, hour = 0) => new Date(Date.UTC(2026, 5, 1 + day, hour)).toISOString();
const csv = (rows: readonly (readonly unknown[])[]) => `${rows.map((row) => row.join(',')).join('\n')}\n`;

const driverLog = csv([
  ['log_id', 'logged_at', 'driver_id', 'rating', 'trips'],
  ...Array.from({ length: drivers * days }, (_none, n) => {
    const [driver, day] = [n % drivers, Math.floor(n / drivers)];
    return [`l${n}`, dayText(day), `d${driver}`, ratingOf(driver, day), day * 2];
  }),
]);
/** Whether a ride was tipped follows from the rating on its day alone: a model without the feature would know nothing. */
const rideLog = csv([
  ['ride_id', 'requested_at', 'driver_id', 'distance', 'tipped'],
  ...Array.from({ length: 400 }, (_none, n) => {
    const [driver, day] = [n % drivers, Math.floor(n / drivers) % days];
    return [`r${n}`, dayText(day, 12), `d${driver}`, 1 + (n % 9), ratingOf(driver, day) > 3 ? 1 : 0];
  }),
]);

const materialized = () =>
  platform.eventually('the drivers to be online', async () => {
    const { body } = await platform.call(listMaterializations, {
      params: { ...params, view: 'driver_stats' },
    });
    const failed = body.items.find(({ status }) => status === 'failed');
    if (failed) throw new Error(`Materialization failed: ${failed.failure}`);
    return body.items.find(({ status }) => status === 'done');
  });
const trained = () =>
  platform.eventually('a model version', async () => {
    const { body: trainings } = await platform.call(listTrainings, { params });
    const failed = trainings.items.find(({ status }) => status === 'failed');
    if (failed) throw new Error(`Training failed: ${failed.error}`);
    const { body } = await platform.call(listModelVersions, { params });
    return body.items.find(isTrained);
  });
const ask = (...instances: Record<string, unknown>[]) =>
  platform.call(predict, { params, body: { instances } });

beforeAll(async () => {
  await platform.start();
  for (const [project, body] of Object.entries({ drivers: driversFile, rides: ridesFile })) {
    const { status, problem } = await platform.call(applyProject, { params: { project }, body });
    if (status >= 300) throw new Error(`Project ${project} was refused: ${problem.detail}`);
  }
  await platform.upload('incoming/drivers/log.csv', driverLog);
  await materialized();
  await platform.upload('incoming/rides/rides.csv', rideLog);
});
afterAll(() => platform.close());

describe('a model that uses a feature service', () => {
  it('is trained with what was known at each ride, and pins the service', async () => {
    const version = await trained();
    expect(version.signature).toMatchObject({
      inputs: ['distance', 'rating', 'trips', 'effort'].map((name) => ({ name })),
      featureService: {
        service: 'ride_model',
        version: 1,
        joinKeys: [{ name: 'driver_id', type: 'string' }],
      },
    });
    // The rating of the day decides: the newest one, or a later day's, would not do.
    expect(version.metrics['auc']).toBeGreaterThan(0.9);
  });

  it('predicts by driver, with the values that are online, and captures them', async () => {
    const { approvalId, subjectDigest } = await platform.eventually('the approval request', async () => {
      const { body } = await platform.call(approvals.listApprovals, {
        params: {},
        query: { status: 'pending' },
      });
      return body.items[0];
    });
    const yes = { decision: 'approved', comment: 'Looks good.', subjectDigest };
    await platform.call(approvals.decideApproval, { params: { approvalId }, body: yes });
    await platform.eventually('the endpoint', async () => {
      const { status } = await ask({ distance: 1, rating: 1, trips: 1, effort: 1 });
      return status === 200 ? true : undefined;
    });
    const { status, body, problem } = await ask(
      { driver_id: 'd3', distance: 2 },
      { driver_id: 'd99', distance: 2 },
    );
    expect([status, problem.detail]).toEqual([200, undefined]);
    const [known, unknown] = body.predictions;
    expect(known).not.toHaveProperty('features');
    expect(unknown?.features).toEqual({ driver_stats: 'NOT_FOUND' });
    const rating = ratingOf(3, days - 1);
    const captured = async (inferenceId: string) => {
      const query = { query: getPrediction.name, input: { ...params, inferenceId } };
      const answer = (await platform.invoke('predictions', 'query', query)) as { output: unknown };
      return answer.output;
    };
    expect(await captured(known!.inferenceId)).toMatchObject({
      features: { distance: 2, rating, trips: 38, effort: 2 * rating },
      served: {
        service: 'ride_model',
        version: 1,
        joinKeys: { driver_id: 'd3' },
        views: [{ view: 'driver_stats', version: 1, status: 'PRESENT', eventAt: dayText(days - 1) }],
        request: { distance: 2 },
      },
    });
    expect(await captured(unknown!.inferenceId)).toMatchObject({
      features: { distance: 2, rating: null, trips: null, effort: null },
      served: { views: [{ status: 'NOT_FOUND' }] },
    });
  });

  it('says what must be sent', async () => {
    const { status, problem } = await ask({ distance: 2 });
    expect(status).toBe(400);
    expect(problem).toMatchObject({ code: 'EntityKeysMissing' });
    expect(problem.detail).toMatch(/rating, trips, effort: send them, or driver_id/);
  });
});
