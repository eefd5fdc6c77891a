import { microsecondsOf } from '#shared/kernel/microseconds.ts';
import type { FeatureViewVersion } from '../contract.ts';
import { earliestStart } from './windows.ts';

/** Expired rows stay online so long (store/online-items.ts), so that what is expired is told from what never was. */
const expiredSeconds = 30 * 86_400;

/** ISO time before which no row of a view answers anything at `asOf` or later: such rows expired long ago, or are in no window. */
export function firstNeeded(
  { aggregations, ttlSeconds }: Pick<FeatureViewVersion, 'aggregations' | 'ttlSeconds'>,
  asOf: string,
): string {
  const at = microsecondsOf(asOf, 'asOf');
  const first =
    aggregations.length > 0
      ? earliestStart(at, aggregations)
      : ttlSeconds === undefined
        ? 0
        : at - (ttlSeconds + expiredSeconds) * 1_000_000;
  return new Date(Math.max(0, Math.floor(first / 1000))).toISOString();
}
