import type * as z from 'zod';
import type { performanceMeasurement } from '#services/monitoring/contract.ts';
import type { GroundTruthLabel } from '#services/predictions/contract.ts';
import type { MonitoringSettings } from './drift.ts';
import { labelNumber, type Question } from './predicted.ts';

export type PerformanceVerdict = z.output<typeof performanceMeasurement>['verdict'];

/** What a window predicted: one row of numbers per inference id. */
export interface WindowPredictions extends Question {
  readonly inferenceIds: readonly string[];
  readonly predictions: readonly (readonly number[])[];
}

/** Labels of a window’s predictions by inference id: class index or value, and when it was said. */
export type WindowLabels = Readonly<Record<string, { readonly label: number; readonly at: string }>>;

/** Labels of the window’s own predictions added to those it has; of two for one id the later counts. Answers the same object where nothing changed. */
export function mergeLabels(
  window: WindowPredictions,
  known: WindowLabels,
  labels: readonly GroundTruthLabel[],
): WindowLabels {
  const own = new Set(window.inferenceIds);
  const merged: Record<string, { label: number; at: string }> = { ...known };
  let changed = false;
  for (const { inferenceId, value, at } of labels) {
    const label = own.has(inferenceId) ? labelNumber(value, window) : undefined;
    const before = merged[inferenceId];
    if (label === undefined || (before && before.at > at)) continue;
    if (before?.at === at && before.label === label) continue;
    merged[inferenceId] = { label, at };
    changed = true;
  }
  return changed ? merged : known;
}

/** The labelled predictions of a window, side by side, in the order of its predictions. */
export function labelledRows(
  window: WindowPredictions,
  labels: WindowLabels,
): { labels: number[]; predictions: number[][] } {
  const rows = window.inferenceIds.flatMap((inferenceId, place) => {
    const found = labels[inferenceId];
    return found ? [{ label: found.label, prediction: [...(window.predictions[place] ?? [])] }] : [];
  });
  return { labels: rows.map(({ label }) => label), predictions: rows.map(({ prediction }) => prediction) };
}

/** Judges by the project’s bound. Without one nothing is asked, so nothing is degraded; a metric that the labels do not define (one class only) is InsufficientData. */
export function judgePerformance(
  rule: MonitoringSettings['performance'],
  metrics: Readonly<Record<string, number>>,
  labelled: number,
): PerformanceVerdict {
  if (!rule) return 'Good';
  const value = metrics[rule.metric];
  if (labelled < rule.minLabels || value === undefined) return 'InsufficientData';
  const tooLow = rule.min !== undefined && value < rule.min;
  const tooHigh = rule.max !== undefined && value > rule.max;
  return tooLow || tooHigh ? 'Degraded' : 'Good';
}
