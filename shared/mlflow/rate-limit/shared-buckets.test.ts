import { describe, expect, it } from 'vitest';
import { manualClock } from '#shared/kernel/clock.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import { createSharedBuckets } from './shared-buckets.ts';

describe('a shared bucket', () => {
  it('is read as it was written, and goes when it would be full again', async () => {
    const table = createMemoryTable();
    const buckets = createSharedBuckets(table, manualClock('2026-01-01T00:00:00Z'));
    expect(await buckets.read('ann')).toBeUndefined();
    const bucket = { tokens: -3.25, filledAtMs: 1_767_225_600_123 };
    await buckets.write('ann', bucket, undefined);
    expect(await buckets.read('ann')).toEqual(bucket);
    expect(await buckets.read('bob')).toBeUndefined();
    expect(table.items()).toEqual([
      { pk: 'RATE#ann', sk: 'RATE', ...bucket, expiresAt: Date.parse('2026-01-01T00:10:00Z') / 1000 },
    ]);
  });

  it('is not written over what another instance wrote', async () => {
    const buckets = createSharedBuckets(createMemoryTable(), manualClock('2026-01-01T00:00:00Z'));
    const [first, second] = [
      { tokens: 5, filledAtMs: 1 },
      { tokens: 4, filledAtMs: 2 },
    ];
    await buckets.write('ann', first, undefined);
    await expect(buckets.write('ann', second, undefined)).rejects.toMatchObject({ kind: 'conflict' });
    await buckets.write('ann', second, first);
    await expect(buckets.write('ann', first, first)).rejects.toMatchObject({ kind: 'conflict' });
  });
});
