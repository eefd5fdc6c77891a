import { describe, expect, it } from 'vitest';
import { manualClock } from '#shared/kernel/clock.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import type { DefinedView, FreshnessBreach } from '../ports.ts';
import { createFreshnessStore } from '../store/freshness-store.ts';
import { readFreshness, watchFreshness } from './watch-freshness.ts';

const start = '2026-01-01T00:00:00.000Z';

function createWorld(maxLagSeconds: number | undefined = 3600) {
  const table = createMemoryTable();
  const clock = manualClock(start);
  const lags: number[] = [];
  const world = {
    maxLagSeconds: maxLagSeconds as number | undefined,
    newestEventAt: undefined as string | undefined,
    online: true,
  };
  const deps = {
    definitions: {
      viewsOf: async () => {
        const freshness =
          world.maxLagSeconds === undefined ? {} : { freshness: { maxLagSeconds: world.maxLagSeconds } };
        return [
          {
            version: { project: 'rides', view: 'trips', version: 1, createdAt: start },
            settings: { online: world.online, ...freshness },
          } as unknown as DefinedView,
        ];
      },
    },
    states: {
      of: async () => [world.newestEventAt === undefined ? {} : { newestEventAt: world.newestEventAt }],
    },
    freshness: createFreshnessStore(table),
    meter: { lag: (_project: string, _view: string, seconds: number) => void lags.push(seconds) },
    clock,
  };
  return {
    world,
    deps,
    clock,
    lags,
    told: () => table.published.map(({ detailType, detail }) => [detailType, detail.metadata.eventId]),
    watch: () => watchFreshness(deps, 'rides'),
    shown: async () => (await readFreshness(deps, 'rides')).views[0],
  };
}

describe('freshness of views', () => {
  it('is told of once when it is breached, and once when it is restored', async () => {
    const { world, clock, watch, told, shown } = createWorld();
    world.newestEventAt = start;
    clock.advanceSeconds(3600);
    await watch();
    expect(await shown()).toMatchObject({ status: 'fresh', lagSeconds: 3600 });
    clock.advanceSeconds(1);
    await watch();
    clock.advanceSeconds(900);
    await watch();
    expect(await shown()).toMatchObject({ status: 'breached', breachedSince: '2026-01-01T01:00:01.000Z' });
    world.newestEventAt = clock.now().toISOString();
    await watch();
    await watch();
    expect(await shown()).toMatchObject({ status: 'fresh', lagSeconds: 0 });
    expect(await shown()).not.toHaveProperty('breachedSince');
    clock.advanceSeconds(7200);
    await watch();
    expect(told()).toEqual([
      ['FeatureFreshnessBreached.v1', 'freshness-rides-trips-1-breached'],
      ['FeatureFreshnessRestored.v1', 'freshness-rides-trips-1-restored'],
      ['FeatureFreshnessBreached.v1', 'freshness-rides-trips-2-breached'],
    ]);
  });

  it('leaves a new view the time of its objective to be filled', async () => {
    const { clock, watch, told, shown } = createWorld();
    clock.advanceSeconds(3600);
    await watch();
    expect(await shown()).toMatchObject({ status: 'empty' });
    clock.advanceSeconds(1);
    await watch();
    expect(await shown()).toMatchObject({ status: 'breached' });
    expect(told()).toHaveLength(1);
  });

  it('is metered without an objective too, and nobody is told', async () => {
    const { world, clock, watch, told, lags, shown } = createWorld();
    world.maxLagSeconds = undefined;
    await watch();
    expect(await shown()).toMatchObject({ status: 'empty' });
    world.newestEventAt = start;
    clock.advanceSeconds(86_400);
    await watch();
    expect(await shown()).toMatchObject({ status: 'no-objective' });
    expect([lags, told()]).toEqual([[86_400], []]);
  });

  it.each(['objective', 'view'])('ends a breach without a word when its %s is gone', async (what) => {
    const { world, deps, clock, watch, told, shown } = createWorld();
    clock.advanceSeconds(4000);
    await watch();
    if (what === 'view') world.online = false;
    else world.maxLagSeconds = undefined;
    await watch();
    expect((await deps.freshness.breaches('rides'))[0]).toMatchObject({ number: 1, since: undefined });
    expect(told()).toHaveLength(1);
    if (what === 'view') expect(await shown()).toBeUndefined();
  });

  it('is told of once by two rounds that meet', async () => {
    const { deps, clock, told } = createWorld();
    clock.advanceSeconds(4000);
    let waiting: (() => void) | undefined;
    const both = new Promise<void>((resolve) => {
      waiting = resolve;
    });
    let rounds = 0;
    const freshness = {
      ...deps.freshness,
      save: async (...change: Parameters<typeof deps.freshness.save>) => {
        if (++rounds === 2) waiting!();
        await both;
        return deps.freshness.save(...change);
      },
    };
    await Promise.all([
      watchFreshness({ ...deps, freshness }, 'rides'),
      watchFreshness({ ...deps, freshness }, 'rides'),
    ]);
    expect(told()).toHaveLength(1);
    const [breach] = (await deps.freshness.breaches('rides')) as [FreshnessBreach];
    expect(breach.number).toBe(1);
  });
});
