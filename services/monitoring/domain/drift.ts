import type * as z from 'zod';
import type { driftEvaluation, histogram } from '#services/monitoring/contract.ts';
import type { ProjectDefinition } from '#services/projects/contract.ts';
import { countBins, type Value } from './binning.ts';
import { type ColumnProfile, compareColumn, type ReferenceProfile } from './profile.ts';

type Evaluation = z.output<typeof driftEvaluation>;
export type DriftScore = Evaluation['scores'][number];
export type Histogram = z.output<typeof histogram>;
export type MonitoringSettings = ProjectDefinition['monitoring'];

/** A sample of a window’s rows: features in the order of the reference’s, and what was predicted. */
export interface WindowSample {
  readonly features: readonly (readonly Value[])[];
  readonly predictions: readonly Value[];
}

export interface DriftFinding {
  readonly verdict: Evaluation['verdict'];
  /** What drifted; data where both did. */
  readonly kind?: 'data' | 'prediction';
  /** Worst first: drifted before not, then by PSI. */
  readonly scores: readonly DriftScore[];
  readonly histograms: Readonly<Record<string, Histogram>>;
}

/** Compares a window that holds `predictions` rows in all with the reference; with too few the verdict is InsufficientData and nothing is scored. */
export function judgeDrift(
  reference: ReferenceProfile,
  sample: WindowSample,
  predictions: number,
  settings: MonitoringSettings,
): DriftFinding {
  if (predictions < settings.minPredictions)
    return { verdict: 'InsufficientData', scores: [], histograms: {} };
  const score = (column: ColumnProfile, values: readonly Value[]): DriftScore => {
    const { psi, test, statistic, pValue } = compareColumn(column, values);
    const drifted = psi > settings.drift.psiThreshold && pValue < settings.drift.maxPValue;
    return { subject: column.name, psi, test, statistic, pValue, drifted };
  };
  const valuesOf = (place: number) => sample.features.map((row) => row[place] ?? null);
  const features = reference.features.map((column, place) => score(column, valuesOf(place)));
  const prediction = reference.prediction && score(reference.prediction, sample.predictions);
  const share = features.filter(({ drifted }) => drifted).length / features.length;
  const dataDrifted = share >= settings.drift.minDriftedShare;
  const kind = dataDrifted ? 'data' : prediction?.drifted ? 'prediction' : undefined;
  return {
    verdict: kind ? 'Drift' : 'Stable',
    ...(kind ? { kind } : {}),
    scores: [...features, ...(prediction ? [prediction] : [])].sort(
      (a, b) => Number(b.drifted) - Number(a.drifted) || b.psi - a.psi || (a.subject < b.subject ? -1 : 1),
    ),
    histograms: Object.fromEntries([
      ...reference.features.map((column, place) => [column.name, drawHistogram(column, valuesOf(place))]),
      ...(reference.prediction
        ? [[reference.prediction.name, drawHistogram(reference.prediction, sample.predictions)]]
        : []),
    ]),
  };
}

/** Both samples over the reference’s bins, for a picture. Numbers: without missing values, the outer bins end at the extremes of both. */
export function drawHistogram(column: ColumnProfile, values: readonly Value[]): Histogram {
  const { binning, counts } = column;
  const windowCounts = countBins(binning, values);
  if (binning.kind === 'category') {
    const named = [...binning.categories, '(other)', '(missing)'];
    const shown = named.map((_name, bin) => counts[bin]! + windowCounts[bin]! > 0);
    return {
      categories: named.filter((_name, bin) => shown[bin]),
      reference: counts.filter((_count, bin) => shown[bin]),
      window: windowCounts.filter((_count, bin) => shown[bin]),
    };
  }
  const { least, greatest } = rangeOf([...(column.sorted ?? []), ...values]);
  return {
    edges: [least, ...binning.cuts, greatest],
    reference: counts.slice(0, -1),
    window: windowCounts.slice(0, -1),
  };
}

function rangeOf(values: readonly Value[]): { least: number; greatest: number } {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (typeof value !== 'number') continue;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  return least <= greatest ? { least, greatest } : { least: 0, greatest: 0 };
}
