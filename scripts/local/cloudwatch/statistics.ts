import type { Aggregate } from './metric-store.ts';

const percentilePattern = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/;

/** Whether a statistic is one that `statisticOf` computes: the five basic ones, and percentiles such as `p99` or `p99.9`. */
export function isStatistic(name: string): boolean {
  return (
    ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'].includes(name) || percentilePattern.test(name)
  );
}

/** A statistic of the values of one period. */
export function statisticOf(name: string, aggregate: Aggregate): number {
  switch (name) {
    case 'SampleCount':
      return aggregate.count;
    case 'Sum':
      return aggregate.sum;
    case 'Average':
      return aggregate.sum / aggregate.count;
    case 'Minimum':
      return aggregate.min;
    case 'Maximum':
      return aggregate.max;
    default:
      return percentile(Number(percentilePattern.exec(name)?.[1]), aggregate);
  }
}

/** Linear interpolation between the closest ranks of the sorted values (Hyndman and Fan 1996, type 7). */
function percentile(percent: number, aggregate: Aggregate): number {
  const sorted = [...aggregate.values].sort(([a], [b]) => a - b);
  const count = sorted.reduce((sum, [, occurrences]) => sum + occurrences, 0);
  const position = (percent / 100) * (count - 1);
  const low = valueAt(sorted, Math.floor(position));
  const high = valueAt(sorted, Math.ceil(position));
  return low + (high - low) * (position - Math.floor(position));
}

function valueAt(sorted: readonly (readonly [number, number])[], rank: number): number {
  let seen = 0;
  for (const [value, occurrences] of sorted) {
    seen += occurrences;
    if (rank < seen) return value;
  }
  return sorted.at(-1)?.[0] ?? Number.NaN;
}
