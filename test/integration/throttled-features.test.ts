import { afterAll, beforeAll, expect, it } from 'vitest';
import { listDatasetVersions } from '#services/datasets/contract.ts';
import * as contract from '#services/feature-store/contract.ts';
import { applyProject } from '#services/projects/contract.ts';
import type { Faults } from '../../scripts/local/emulated-service.ts';
import { createFaults, faultPlan } from '../../scripts/local/faults/index.ts';
import { RunningPlatform } from './running-platform.ts';

const project = 'busy';
const params = { project };
const projectFile = `name: ${project}
owners: [ada]
data:
  primaryKey: id
  eventTime: happened_at
  checks: { minRows: 1 }
  columns:
    id: { type: string }
    driver: { type: string }
    happened_at: { type: timestamp }
    rating: { type: number }
features:
  entities:
    driver: { joinKeys: { driver: string } }
  sources:
    trips: { type: dataset }
    fares: { type: stream, columns: { driver: string, fare: integer } }
  featureViews:
    driver_stats: { entities: [driver], source: trips, schema: { rating: number } }
    driver_windows:
      entities: [driver]
      source: fares
      aggregations:
        trips_1h: { function: count, window: 1h }
        fares_1h: { function: sum, column: fare, window: 1h }
  featureServices:
    dispatch: { features: [driver_stats, driver_windows] }
`;

const plan = createFaults(
  faultPlan.parse({
    seed: 7,
    throttle: { 'dynamodb:PutItem': 0.15, dynamodb: 0.02, states: 0.05 },
  }),
);
const throttled = new Map<string, number>();
const faults: Faults = {
  ...plan,
  beforeCall(signingName, action) {
    try {
      plan.beforeCall(signingName, action);
    } catch (error) {
      throttled.set(action, (throttled.get(action) ?? 0) + 1);
      throw error;
    }
  },
};
const platform = new RunningPlatform({ faults });

beforeAll(async () => {
  await platform.start();
  await untilTaken(() => platform.call(applyProject, { params, body: projectFile }));
  await platform.eventually('the feature service', async () => {
    const { status } = await platform.call(contract.readFeatureService, {
      params: { project, service: 'dispatch' },
    });
    return status === 200 ? true : undefined;
  });
});
afterAll(() => platform.close());

/** Asks again, as a client does, while the platform says that it is too busy. */
const untilTaken = <Answer extends { readonly status: number }>(
  ask: () => Promise<Answer>,
): Promise<Answer> =>
  platform.eventually('an answer of a busy platform', async () => {
    const answer = await ask();
    return answer.status === 503 ? undefined : answer;
  });

async function valuesOf(drivers: readonly string[]) {
  const { status, body } = await untilTaken(() =>
    platform.call(contract.getOnlineFeatures, {
      params,
      body: { featureService: 'dispatch', entities: { driver: drivers } },
    }),
  );
  expect(status).toBe(200);
  return Object.fromEntries(
    body.metadata.featureNames.map((name, place) => [name, body.results[place]!.values]),
  );
}

it('counts each record once, whatever is throttled on its way and however often it is sent', async () => {
  const at = new Date(Date.now() - 60_000).toISOString();
  const batch = (number: number) => ({
    records: Array.from({ length: 10 }, (_none, place) => ({
      driver: `d${place % 5}`,
      event_timestamp: at,
      fare: number,
    })),
    recordIds: Array.from({ length: 10 }, (_none, place) => `${number}-${place}`),
  });
  const batches = [1, 2, 3, 4].flatMap((number) => [batch(number), batch(number)]);
  const before = throttled.get('PutItem') ?? 0;
  const answers = await Promise.all(
    batches.map((body) =>
      untilTaken(() =>
        platform.call(contract.sendFeatureRecords, { params: { project, view: 'driver_windows' }, body }),
      ),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(batches.map(() => 202));
  expect(throttled.get('PutItem') ?? 0).toBeGreaterThan(before);
  const drivers = ['d0', 'd1', 'd2', 'd3', 'd4'];
  expect(await valuesOf(drivers)).toMatchObject({
    trips_1h: drivers.map(() => 8),
    fares_1h: drivers.map(() => 20),
  });
});

it('writes a view online as it would undisturbed', async () => {
  const entities = 300;
  const before = throttled.get('PutItem') ?? 0;
  const at = new Date(Date.now() - 3_600_000).toISOString();
  const lines = Array.from({ length: entities }, (_none, place) => `t${place},d${place},${at},${place % 7}`);
  await platform.upload(`incoming/${project}/a.csv`, `id,driver,happened_at,rating\n${lines.join('\n')}\n`);
  await platform.eventually('the dataset version', async () => {
    const { status, body } = await platform.call(listDatasetVersions, { params });
    return status === 200 ? body.items[0] : undefined;
  });
  const newest = async () => {
    const { status, body } = await platform.call(contract.listMaterializations, {
      params: { project, view: 'driver_stats' },
    });
    return status === 200 ? body.items[0] : undefined;
  };
  await platform.eventually('the materialization', newest);
  const done = await platform.eventually('the end of the materialization', async () => {
    const item = await newest();
    return item?.status === 'running' ? undefined : item;
  });
  expect(done).toMatchObject({ status: 'done', written: { put: entities, deleted: 0, skipped: 0 } });
  expect((throttled.get('PutItem') ?? 0) - before).toBeGreaterThan(entities / 10);
  for (let from = 0; from < entities; from += 100) {
    const places = Array.from({ length: 100 }, (_none, place) => from + place);
    const { rating } = await valuesOf(places.map((place) => `d${place}`));
    expect(rating).toEqual(places.map((place) => place % 7));
  }
}, 120_000);
