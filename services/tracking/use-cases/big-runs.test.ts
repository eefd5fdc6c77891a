import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { operator, point, trackingFor } from '#test/doubles/tracking.ts';
import { searchRuns } from './search-runs.ts';

describe('a run too big for one item', () => {
  /** What no compression makes smaller. */
  const noise = (seed: number): string =>
    Array.from({ length: 140 }, (_, i) => createHash('sha256').update(`${seed} ${i}`).digest('base64'))
      .join('')
      .slice(0, 6000);

  it('is stored in parts, read, searched and made small again by nobody', async () => {
    const { deps, newRun, log, read, memory } = trackingFor();
    const { runId } = await newRun();
    for (let batch = 0; batch < 3; batch++) {
      const params = Array.from({ length: 100 }, (_, i) => ({
        key: `p${batch}-${i}`,
        value: noise(batch * 100 + i),
      }));
      await log(runId, { params });
    }
    const parts = () => memory.items().filter(({ sk }) => sk.startsWith('PART#'));
    expect(parts().length).toBeGreaterThan(0);
    const before = parts().length;
    await log(runId, { metrics: [point('m', 1, 1)] });
    expect(parts()).toHaveLength(before);
    expect(Object.keys((await read(runId)).params)).toHaveLength(300);
    const found = await searchRuns(deps, operator, {
      experimentIds: ['0'],
      filter: 'metrics.m = 1',
      viewType: 'ALL',
      maxResults: 10,
      orderBy: ['metrics.m'],
      pageToken: undefined,
    });
    expect(found.items[0]?.params['p2-99']).toBe(noise(299));
  });
});
