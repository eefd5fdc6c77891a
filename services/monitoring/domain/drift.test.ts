import { describe, expect, it } from 'vitest';
import type { Value } from './binning.ts';
import { judgeDrift, type MonitoringSettings } from './drift.ts';
import { profileFeature, profilePrediction, sampleRows } from './profile.ts';

const settings: MonitoringSettings = {
  windowPredictions: 500,
  windowMinutes: 60,
  minPredictions: 50,
  drift: { psiThreshold: 0.2, maxPValue: 0.01, minDriftedShare: 0.5 },
  retrainOn: ['drift'],
};
const spread = (i: number): number => ((i * 37) % 101) / 101;
const column = (rows: number, make: (i: number) => Value): Value[] =>
  Array.from({ length: rows }, (_none, i) => make(i));
const reference = (features: Record<string, Value[]>, predictions: Value[]) => ({
  schemaVersion: 1 as const,
  project: 'p',
  modelVersion: 1,
  trainingRows: 300,
  features: Object.entries(features).map(([name, values]) => profileFeature(name, values)),
  prediction: profilePrediction(predictions),
});
const judge = (
  ours: Parameters<typeof judgeDrift>[0],
  features: readonly Value[][],
  predictions: readonly Value[],
) => {
  const rows = predictions.map((_prediction, row) => features.map((values) => values[row]!));
  return judgeDrift(ours, { features: rows, predictions }, predictions.length, settings);
};

describe('the judgement of a window', () => {
  const ours = reference({ a: column(300, spread), b: column(300, (i) => i % 4) }, column(300, spread));
  const steady = column(100, (i) => spread(i + 500));
  const codes = column(100, (i) => i % 4);

  it('is Stable for the same population, whatever the order of its rows', () => {
    const finding = judge(ours, [steady, codes], steady);
    expect(finding.verdict).toBe('Stable');
    const reversed = judge(ours, [[...steady].reverse(), [...codes].reverse()], [...steady].reverse());
    expect(reversed).toEqual(finding);
  });

  it('is Drift of data where enough features moved, of the prediction where only that did', () => {
    const moved = steady.map((value) => Number(value) + 0.5);
    expect(judge(ours, [moved, codes], steady)).toMatchObject({ verdict: 'Drift', kind: 'data' });
    expect(judge(ours, [steady, codes], moved)).toMatchObject({ verdict: 'Drift', kind: 'prediction' });
  });

  it('names the tests and puts the worst first', () => {
    const { scores } = judge(ours, [steady, column(100, () => 3)], steady);
    expect(scores[0]).toMatchObject({ subject: 'b', test: 'chi_squared', drifted: true });
    expect(scores.find(({ subject }) => subject === 'a')).toMatchObject({
      test: 'kolmogorov_smirnov',
      drifted: false,
    });
  });

  it('sees that values are missing which were there', () => {
    const gappy = steady.map((value, row) => (row % 2 === 0 ? null : value));
    const { scores } = judge(ours, [gappy, codes], steady);
    expect(scores[0]).toMatchObject({ subject: 'a', drifted: true });
  });

  it('sees categories that the reference did not know', () => {
    const { scores, histograms } = judge(ours, [steady, column(100, () => 9)], steady);
    expect(scores[0]).toMatchObject({ subject: 'b', drifted: true });
    expect(histograms['b']).toEqual({
      categories: ['0', '1', '2', '3', '(other)'],
      reference: [75, 75, 75, 75, 0],
      window: [0, 0, 0, 0, 100],
    });
  });

  it('sees classes that are predicted more often, by name', () => {
    const colours = reference(
      { a: column(300, spread) },
      column(300, (i) => (i % 2 ? 'red' : 'blue')),
    );
    const finding = judge(
      colours,
      [steady],
      column(100, () => 'red'),
    );
    expect(finding).toMatchObject({ verdict: 'Drift', kind: 'prediction' });
    expect(finding.scores[0]).toMatchObject({ subject: 'prediction', test: 'chi_squared' });
  });

  it('draws numbers between the extremes of both samples', () => {
    const { histograms } = judge(ours, [steady.map((value) => Number(value) + 3), codes], steady);
    const { edges, reference: before, window } = histograms['a']!;
    expect([edges?.length, before.length, window.length]).toEqual([11, 10, 10]);
    expect(edges?.[0]).toBe(0);
    expect(edges?.at(-1)).toBeGreaterThan(3);
    expect(window.at(-1)).toBe(100);
  });
});

it('A sample holds 5,000 rows of a narrow table and at least 500 of a wide one', () => {
  expect([1, 30, 400, 2000, 100_000].map(sampleRows)).toEqual([5000, 5000, 5000, 1000, 500]);
});
