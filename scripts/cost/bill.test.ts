import { describe, expect, it } from 'vitest';
import { billOf, sumsBy } from './bill.ts';
import type { DriverInput } from './drivers.ts';
import type { Measurements } from './measurements.ts';
import type { PriceTable } from './price-table.ts';
import { usageProfile } from './profile.ts';
import type { StageFacts } from './stage-facts.ts';

const gb = 1024 ** 3;
const facts: StageFacts = {
  stage: 'dev',
  functions: {
    'a-http': { memoryGb: 0.5, extraStorageGb: 0 },
    'a-every-hour': { memoryGb: 0.5, extraStorageGb: 1 },
    'identity-authorizer': { memoryGb: 0.5, extraStorageGb: 0 },
    'predictions-http': { memoryGb: 1, extraStorageGb: 0 },
  },
  alarmMetrics: 0,
  schedules: [],
  logRetentionDays: 14,
  archiveDays: 30,
  authorizerTtlSeconds: 60,
  captureWindowSeconds: 2,
  codeBytes: 0,
};
const measurements: Measurements = {
  measuredOn: '2026-11-28',
  machine: 'any',
  upload: { bytes: 1000, rows: 10 },
  customMetricsPerModelVersion: 2,
  units: {
    project: {},
    upload: { 's3.putRequests': 3, 's3.storedBytes': 2000 },
    training: { 'states.transitions': 18 },
    release: { 'states.transitions': 11 },
    predictionRequest: {
      'api.restRequests': 1,
      'lambda.predictions-http.invocations': 1,
      'lambda.predictions-http.billedMs': 100,
      'lambda.identity-authorizer.invocations': 1,
      'lambda.identity-authorizer.billedMs': 4,
    },
    predictionRow: { 'dynamodb.writeUnits': 1 },
    captureBatch: { 's3.putRequests': 1 },
    monitoringWindow: {},
    labelRequest: {},
    read: { 'lambda.a-http.invocations': 2, 'lambda.a-http.billedMs': 4000 },
    hourlyRound: { 'lambda.a-every-hour.invocations': 1, 'lambda.a-every-hour.billedMs': 1000 },
  },
};
/** Every price is one dollar, so that amounts are quantities. */
const prices: PriceTable = {
  region: 'here',
  checkedOn: '2026-11-28',
  prices: new Proxy(
    {},
    {
      get: (_all, name) => ({
        service: 'S',
        usd: 1,
        per: 1,
        unit: 'units',
        basis: 'secondary',
        asOf: '2026-11',
        source: 'https://example.com',
        ...(name === 'lambda.request' ? { freePerMonth: 50 } : {}),
      }),
    },
  ),
};

function quantities(profile: object, changes: Partial<StageFacts> = {}, freeTier = false) {
  const input: DriverInput = {
    facts: { ...facts, ...changes },
    profile: usageProfile.parse({ name: 'p', description: 'd', ...profile }),
    measurements,
  };
  const { items } = billOf(input, prices, { freeTier });
  return Object.fromEntries(items.map(({ driver, price, usd }) => [`${driver}: ${price}`, usd]));
}

const predictions = {
  requestsPerMonth: 7200,
  rowsPerRequest: 3,
  activeHours: 1,
  models: 1,
  applications: 2,
  endpoint: { mode: 'serverless', memoryGb: 2, secondsPerRequest: 0.5 },
};

describe('the bill', () => {
  it('is empty when nothing is there and nobody does anything', () => {
    expect(quantities({})).toEqual({});
  });

  it('takes seconds of functions times their memory', () => {
    expect(quantities({ readsPerMonth: 10 })).toMatchObject({
      'People: lambda.request': 20,
      'People: lambda.gbSecond': 20,
      'People: xray.trace': 20,
    });
  });

  it('multiplies the storage of uploads by their size and by the months for which they are kept', () => {
    const uploads = { perMonth: gb / 1000, bytesEach: 5000 };
    expect(quantities({ uploads, keptMonths: 6 })['Uploads: s3.storedGbMonth']).toBeCloseTo(2 * 5 * 6);
  });

  it('pays the instances of trainings by the hour', () => {
    const trainings = { perMonth: 4, trainingHoursEach: 2, transformHoursEach: 1, instanceCount: 3 };
    expect(quantities({ trainings })).toMatchObject({
      'Trainings: sagemaker.instanceHour.ml.m5.large': 4 * (2 * 3 + 1),
      'Trainings: states.transition': 4 * 18,
    });
  });

  it('calls the authorizer once for each token and time to live, not for each prediction', () => {
    // 7,200 calls of the function, and two tokens with an answer a minute for an hour.
    expect(quantities({ predictions })['Predictions: lambda.request']).toBe(7200 + 2 * 60);
  });

  it('gathers captures: two requests a second, two seconds long from the first on', () => {
    expect(quantities({ predictions })['Predictions: s3.putRequest']).toBe(7200 / (1 + 2 * 2));
  });

  it('counts a further row for each row but the first', () => {
    expect(quantities({ predictions })['Predictions: dynamodb.writeUnit']).toBe(7200 * 2);
  });

  it('traces the first request of a second and a twentieth of the rest', () => {
    const first = 3600 * (1 - Math.exp(-2));
    expect(quantities({ predictions })['Predictions: xray.trace']).toBeCloseTo(first + (7200 - first) / 20);
  });

  it('pays serverless endpoints by the second and instances by the hour', () => {
    expect(quantities({ predictions })['Predictions: sagemaker.serverlessGbSecond']).toBe(7200);
    const endpoint = { mode: 'instances', instanceType: 'ml.m5.large', count: 2 };
    const idle = { ...predictions, requestsPerMonth: 0, models: 3, endpoint };
    expect(quantities({ predictions: idle })).toEqual({
      'Predictions: sagemaker.instanceHour.ml.m5.large': 3 * 2 * 730,
    });
  });

  it('pays what schedules call, and the schedule', () => {
    const schedules = [{ target: 'a-every-hour', perMonth: 730 }];
    expect(quantities({}, { schedules })).toMatchObject({
      'Hourly rounds: scheduler.invocation': 730,
      'Hourly rounds: lambda.gbSecond': 365,
      'Hourly rounds: lambda.ephemeralGbSecond': 730,
    });
  });

  it('pays each metric that an alarm watches', () => {
    expect(quantities({}, { alarmMetrics: 17 })).toEqual({ 'Alarms: metrics.alarmMonth': 17 });
  });

  it('subtracts the free tier once, however many drivers share it', () => {
    const schedules = [{ target: 'a-every-hour', perMonth: 60 }];
    const charged = quantities({ readsPerMonth: 20 }, { schedules }, true);
    expect(charged['People: lambda.request']! + charged['Hourly rounds: lambda.request']!).toBeCloseTo(50);
  });
});

describe('what cannot be priced', () => {
  it('is a function that the stage does not have', () => {
    expect(() => quantities({ readsPerMonth: 1 }, { functions: {} })).toThrow(
      /a-http was measured and is not in stage dev: .*cost:measure/,
    );
  });

  it('is a schedule that was not measured', () => {
    const schedules = [{ target: 'b-every-hour', perMonth: 730 }];
    expect(() => quantities({}, { schedules })).toThrow(/b-every-hour .* was not measured/);
  });

  it('is a meter without a price', () => {
    const profile = usageProfile.parse({ name: 'p', description: 'd', readsPerMonth: 1 });
    const table = { ...prices, prices: {} };
    expect(() => billOf({ facts, profile, measurements }, table, { freeTier: false })).toThrow(
      /The price '.+' is missing: add it to scripts\/cost\/data\/prices\/here.json/,
    );
  });
});

it('sums by service and driver, the dearest first', () => {
  const item = { price: 'x', quantity: 1, unit: 'u', kind: 'use' } as const;
  const items = [
    { ...item, service: 'A', driver: 'People', usd: 1 },
    { ...item, service: 'B', driver: 'People', usd: 5 },
    { ...item, service: 'A', driver: 'Uploads', usd: 2 },
  ] as const;
  expect(sumsBy(items, 'service')).toEqual([
    { name: 'B', usd: 5 },
    { name: 'A', usd: 3 },
  ]);
});
