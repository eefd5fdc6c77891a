import { extended, type LatestMetric, type LoggedMetric, type MetricPoint, ownValue } from './run.ts';

/** What MLflow's server keeps of a value: infinite ones become the greatest double of their sign. */
export function storableValue(value: number): number {
  if (value === Number.POSITIVE_INFINITY) return Number.MAX_VALUE;
  return value === Number.NEGATIVE_INFINITY ? -Number.MAX_VALUE : value;
}

/** NaN counts as 0 where values are ordered, as it does for MLflow's server. */
const rank = (value: number | null): number => (value === null || Number.isNaN(value) ? 0 : value);
const isNotANumber = (value: number | null): boolean => value === null || Number.isNaN(value);

/** Whether a point replaces the latest: it is later by step, then by timestamp, then greater. */
export function isLater(point: MetricPoint, latest: LatestMetric): boolean {
  const [value, timestamp, step] = latest;
  if (point.step !== step) return point.step > step;
  if (point.timestamp !== timestamp) return point.timestamp > timestamp;
  return rank(point.value) > rank(value);
}

const latestOf = ({ value, timestamp, step }: MetricPoint): LatestMetric => [
  Number.isNaN(value) ? null : value,
  timestamp,
  step,
];

/** Latest values after these points were logged; the same object where none is later. */
export function withPoints(
  latest: Readonly<Record<string, LatestMetric>>,
  points: readonly LoggedMetric[],
): Readonly<Record<string, LatestMetric>> {
  const changed = new Map<string, LatestMetric>();
  for (const point of points) {
    const before = changed.get(point.key) ?? ownValue(latest, point.key);
    if (before === undefined || isLater(point, before)) changed.set(point.key, latestOf(point));
  }
  return changed.size === 0 ? latest : extended(latest, changed);
}

/** Order of a history: timestamp, step, value; of equal ones the number is before what is none. */
export function byTime(a: MetricPoint, b: MetricPoint): number {
  return a.timestamp - b.timestamp || a.step - b.step || byValue(a, b);
}

/** Order of a chart: step, timestamp, value. */
export function byStep(a: MetricPoint, b: MetricPoint): number {
  return a.step - b.step || a.timestamp - b.timestamp || byValue(a, b);
}

function byValue(a: MetricPoint, b: MetricPoint): number {
  const [left, right] = [rank(a.value), rank(b.value)];
  if (left !== right) return left < right ? -1 : 1;
  return Number(isNotANumber(a.value)) - Number(isNotANumber(b.value));
}

/** Points in the given order, each once: what was logged again changes nothing. */
export function distinctPoints(
  points: readonly MetricPoint[],
  order: (a: MetricPoint, b: MetricPoint) => number,
): MetricPoint[] {
  const sorted = [...points].sort(order);
  return sorted.filter((point, index) => index === 0 || order(sorted[index - 1]!, point) !== 0);
}

/**
 * At most `count` of ordered points, spread evenly: the first of each of `count` equal parts, and the last point always. The same
 * points that MLflow's server takes (NTILE).
 */
export function sampled<T>(points: readonly T[], count: number): T[] {
  if (points.length <= count) return [...points];
  const size = Math.floor(points.length / count);
  const bigger = points.length % count;
  const firsts = Array.from({ length: count }, (_, part) => points[part * size + Math.min(part, bigger)]!);
  const last = points.at(-1)!;
  if (firsts.at(-1) !== last) firsts[count - 1] = last;
  return firsts;
}
