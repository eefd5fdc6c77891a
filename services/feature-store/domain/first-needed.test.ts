import { describe, expect, it } from 'vitest';
import { firstNeeded } from './first-needed.ts';

const asOf = '2026-01-02T00:30:00.000Z';

describe('the first time that a view looks back to', () => {
  it('is as old as its values may be, and a month older', () => {
    expect(firstNeeded({ aggregations: [], ttlSeconds: 3600 }, asOf)).toBe('2025-12-02T23:30:00.000Z');
  });

  it('is that of its longest window, with the hop that it begins in', () => {
    const aggregation = { name: 'n', type: 'integer', function: 'count', sensitive: false } as const;
    const aggregations = [
      { ...aggregation, windowSeconds: 600, hopSeconds: 60 },
      { ...aggregation, windowSeconds: 86_400, hopSeconds: 3600 },
    ];
    expect(firstNeeded({ aggregations }, asOf)).toBe('2026-01-01T00:00:00.000Z');
  });

  it('is the beginning where values never expire', () => {
    expect(firstNeeded({ aggregations: [] }, asOf)).toBe('1970-01-01T00:00:00.000Z');
  });
});
