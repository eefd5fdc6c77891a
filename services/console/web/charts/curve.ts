import type { MetricPoint } from '../api/mlflow-entities.ts';
import { smoothed } from './smoothing.ts';

export const xKinds = ['step', 'relative', 'wall'] as const;
/** Steps, time since the first point, or the time of day. */
export type XKind = (typeof xKinds)[number];

export interface Curve {
  readonly id: string;
  readonly label: string;
  /** Number of its colour and dash. */
  readonly ink: number;
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  /** As measured, where `ys` is smoothed. */
  readonly rawYs?: readonly number[];
}

interface CurveOptions {
  readonly xKind: XKind;
  /** From 0 to below 1. */
  readonly smoothing: number;
}

/** Points of a metric, in the order of their steps, as a curve. Times are milliseconds. */
export function curveOf(
  of: Pick<Curve, 'id' | 'label' | 'ink'>,
  points: readonly MetricPoint[],
  { xKind, smoothing }: CurveOptions,
): Curve {
  const beginMs = Math.min(...points.map(({ timestampMs }) => timestampMs));
  const ordered =
    xKind === 'step' ? points : points.toSorted((one, other) => one.timestampMs - other.timestampMs);
  const xs = ordered.map(({ step, timestampMs }) =>
    xKind === 'step' ? step : xKind === 'wall' ? timestampMs : timestampMs - beginMs,
  );
  const ys = ordered.map(({ value }) => value);
  return smoothing > 0 ? { ...of, xs, ys: smoothed(ys, smoothing), rawYs: ys } : { ...of, xs, ys };
}

/** An SVG path through the points; it is broken where a value cannot be drawn, and a point alone is a dot. */
export function pathOf(
  xs: readonly number[],
  ys: readonly number[],
  xScale: (value: number) => number,
  yScale: (value: number) => number,
): string {
  const parts: string[] = [];
  let isDrawing = false;
  for (const [index, x] of xs.entries()) {
    const y = yScale(ys[index]!);
    if (!Number.isFinite(y)) {
      isDrawing = false;
      continue;
    }
    parts.push(`${isDrawing ? 'L' : 'M'}${xScale(x).toFixed(1)} ${y.toFixed(1)}${isDrawing ? '' : 'h0'}`);
    isDrawing = true;
  }
  return parts.join('');
}

/** Place of the value nearest to `x` in a list that goes up; -1 in an empty one. */
export function nearestIndex(xs: readonly number[], x: number): number {
  let low = 0;
  let high = xs.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low > 0 && x - xs[low - 1]! <= xs[low]! - x ? low - 1 : Math.min(low, xs.length - 1);
}

/** All places where a curve has a point, from left to right. */
export const placesOf = (curves: readonly Curve[]): number[] =>
  [...new Set(curves.flatMap(({ xs }) => xs))].sort((one, other) => one - other);
