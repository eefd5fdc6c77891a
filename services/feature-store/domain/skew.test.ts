import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeatureServiceVersion } from '../contract.ts';
import {
  type ComparedInference,
  comparedFeatures,
  countInference,
  emptyTallies,
  isSameValue,
  skewedFeatures,
  skewReportOf,
} from './skew.ts';

const service: FeatureServiceVersion = {
  project: 'rides',
  service: 'inputs',
  version: 1,
  definitionSha256: '0'.repeat(64),
  views: [
    {
      view: 'trips',
      version: 1,
      joinKeys: [{ name: 'driver_id', type: 'integer' }],
      store: 'dynamodb',
      features: [
        { name: 'rate', type: 'number', sensitive: false, as: 'rate' },
        { name: 'home', type: 'string', sensitive: true, as: 'home' },
        { name: 'hidden', type: 'number', sensitive: false },
      ],
      aggregations: [],
    },
  ],
  onDemand: [
    {
      view: 'costs',
      name: 'cost',
      as: 'cost',
      type: 'number',
      expression: 'km * rate',
      variables: [
        { name: 'km', type: 'number', from: { request: 'km' } },
        { name: 'rate', type: 'number', from: { view: 'trips', feature: 'rate' } },
      ],
    },
  ],
  request: [{ name: 'km', type: 'number' }],
  outputs: [
    { name: 'rate', type: 'number' },
    { name: 'home', type: 'string' },
    { name: 'cost', type: 'number' },
  ],
  createdAt: '2026-01-01T00:00:00.000Z',
  projectRevision: 1,
};
const present = (eventAt: string) => ({ trips: { status: 'PRESENT' as const, eventAt } });
const [older, newer] = ['2026-01-01T08:00:00.000Z', '2026-01-01T08:00:00.000001Z'];

const inference = (changed: Partial<ComparedInference> = {}): ComparedInference => ({
  inferenceId: 'r1-0',
  at: '2026-01-01T10:00:00.000Z',
  joinKeys: { driver_id: 7 },
  served: { rate: 2, home: 'Oslo', cost: 6 },
  servedViews: present(older),
  given: [],
  offline: { rate: 2, home: 'Oslo', cost: 6 },
  offlineViews: present(older),
  ...changed,
});

function reportOf(inferences: readonly ComparedInference[], maxMismatchRate = 0.01) {
  const features = comparedFeatures(service);
  const tallies = emptyTallies(features);
  for (const each of inferences) countInference(tallies, features, each, 1e-6);
  return skewReportOf(
    {
      reportId: 'check',
      project: 'rides',
      featureService: { service: 'inputs', version: 1 },
      from: older,
      to: newer,
      completedAt: newer,
      inferences: inferences.length,
      maxMismatchRate,
    },
    tallies,
  );
}

describe('skew between serving and training', () => {
  it('is none where what was served is what is computed', () => {
    const report = reportOf([inference(), inference({ inferenceId: 'r1-1' })]);
    expect(report.verdict).toBe('Pass');
    expect(
      report.features.map(({ feature, compared, mismatchRate }) => [feature, compared, mismatchRate]),
    ).toEqual([
      ['rate', 2, 0],
      ['home', 2, 0],
      ['cost', 2, 0],
    ]);
  });

  it('tells an older row from another value of the same row, by microseconds', () => {
    const changed = { offline: { rate: 3, home: 'Oslo', cost: 9 } };
    const [rate, , cost] = reportOf([
      inference({ ...changed, offlineViews: present(newer) }),
      inference(changed),
      inference({ ...changed, servedViews: { trips: { status: 'NOT_FOUND' } } }),
    ]).features;
    expect(rate).toMatchObject({ compared: 3, stale: 2, different: 1, mismatchRate: 1 });
    expect(cost).toMatchObject({ compared: 3, stale: 2, different: 1 });
    expect(rate!.examples[0]).toMatchObject({ kind: 'stale', served: 2, offline: 3, servedEventAt: older });
  });

  it('leaves out what the caller sent himself', () => {
    const report = reportOf([inference({ servedViews: {}, offline: { rate: 9, home: 'x', cost: 9 } })]);
    expect(report.features.map(({ compared }) => compared)).toEqual([0, 0, 0]);
    expect(report.verdict).toBe('Pass');
  });

  it.each([
    [['rate'], [0, 1, 0]],
    [['home'], [1, 0, 1]],
    [['cost'], [1, 1, 0]],
  ])('leaves out %s, which the caller sent besides keys, and what is computed of it', (given, compared) => {
    const report = reportOf([inference({ given, offline: { rate: 9, home: 'x', cost: 9 } })]);
    expect(report.features.map((feature) => feature.compared)).toEqual(compared);
  });

  it('masks sensitive values in examples, of which there are five at most', () => {
    const home = reportOf(
      Array.from({ length: 7 }, () => inference({ offline: { rate: 2, home: 'Bergen', cost: 6 } })),
    ).features[1]!;
    expect(home.different).toBe(7);
    expect(home.examples).toHaveLength(5);
    expect(JSON.stringify(home.examples)).not.toMatch(/Oslo|Bergen/);
  });

  it('fails above the rate and not at it, and names the worst feature first', () => {
    const wrong = inference({ offline: { rate: 3, home: 'Oslo', cost: 6 } });
    const both = inference({ offline: { rate: 3, home: 'Oslo', cost: 9 } });
    expect(reportOf([wrong, inference()], 0.5).verdict).toBe('Pass');
    const report = reportOf([wrong, both, inference()], 0.3);
    expect(report.verdict).toBe('Fail');
    expect(skewedFeatures(report).map(({ feature }) => feature)).toEqual(['rate', 'cost']);
  });

  it('says that nothing was served', () => {
    expect(reportOf([]).verdict).toBe('InsufficientData');
  });
});

describe('sameness of values', () => {
  it('is symmetric, whatever the values', () => {
    const value = fc.oneof(fc.double(), fc.integer(), fc.constant(null), fc.boolean());
    fc.assert(
      fc.property(value, value, fc.constantFrom('number', 'integer', 'boolean'), (a, b, type) => {
        const options = { type, relativeTolerance: 1e-6 } as const;
        expect(isSameValue(a, b, options)).toBe(isSameValue(b, a, options));
        expect(isSameValue(a, a, options)).toBe(true);
      }),
    );
  });

  it.each([
    [1, 1 + 1e-7, 'number', true],
    [1, 1 + 1e-5, 'number', false],
    [0, -0, 'number', true],
    [0, 1e-300, 'number', false],
    [null, 0, 'number', false],
    [null, null, 'number', true],
    [1, true, 'boolean', true],
    [7, 8, 'integer', false],
    ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00Z', 'timestamp', true],
    ['7', 7, 'string', true],
  ] as const)('of %s and %s as %s is %s', (served, offline, type, same) => {
    expect(isSameValue(served, offline, { type, relativeTolerance: 1e-6 })).toBe(same);
  });
});
