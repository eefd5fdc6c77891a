import type { FeatureStatus } from '../contract.ts';

const microsecondsPerSecond = 1_000_000;

/**
 * The status of an entity's newest visible row at a time; the one rule for offline and online answers. A row that happened exactly one
 * ttl before is present still. Times in microseconds since 1970; `eventAt` is undefined where there is no visible row.
 */
export function statusAt(
  eventAt: number | undefined,
  at: number,
  ttlSeconds: number | undefined,
): FeatureStatus {
  if (eventAt === undefined) return 'NOT_FOUND';
  if (ttlSeconds === undefined) return 'PRESENT';
  return eventAt >= at - ttlSeconds * microsecondsPerSecond ? 'PRESENT' : 'EXPIRED';
}

/** The same rule as an SQL expression of two TIMESTAMPTZ expressions: `eventAt` is null where there is no visible row. */
export function statusSql(eventAt: string, at: string, ttlSeconds: number | undefined): string {
  const found =
    ttlSeconds === undefined
      ? `'PRESENT'`
      : `CASE WHEN epoch_us(${eventAt}) >= epoch_us(${at}) - ${ttlSeconds * microsecondsPerSecond} THEN 'PRESENT' ELSE 'EXPIRED' END`;
  return `CASE WHEN ${eventAt} IS NULL THEN 'NOT_FOUND' ELSE ${found} END`;
}
