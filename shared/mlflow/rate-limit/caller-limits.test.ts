import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/kernel/errors.ts';
import type { Bucket, RateLimit } from './bucket.ts';
import { CallerLimits, type SharedBuckets } from './caller-limits.ts';

/** Shared buckets in memory that count what they cost. */
function memoryBuckets() {
  const stored = new Map<string, Bucket>();
  const calls = { reads: 0, writes: 0 };
  const buckets: SharedBuckets = {
    async read(callerId) {
      calls.reads += 1;
      return stored.get(callerId);
    },
    async write(callerId, bucket, previous) {
      calls.writes += 1;
      if (stored.get(callerId) !== previous) throw new AppError('conflict', 'ConditionFailed', 'changed');
      stored.set(callerId, bucket);
    },
  };
  return { buckets, calls };
}

/** Instances of one function, whose clock is moved by hand. */
function setUp(limit: RateLimit, instances = 1, shared = memoryBuckets()) {
  let nowMs = Date.parse('2026-01-01T00:00:00Z');
  const failures: unknown[] = [];
  const deps = {
    buckets: shared.buckets,
    clock: { now: () => new Date(nowMs) },
    onFailure: (error: unknown) => failures.push(error),
  };
  const limits = Array.from({ length: instances }, () => new CallerLimits(deps, limit));
  return {
    calls: shared.calls,
    failures,
    advance: (ms: number) => {
      nowMs += ms;
    },
    /** How many of so many requests get through. */
    async ask(requests: number, caller = 'ann', instance = 0): Promise<number> {
      let through = 0;
      for (let request = 0; request < requests; request++) {
        const admitted = await limits[instance]!.admit(caller).then(
          () => true,
          () => false,
        );
        if (admitted) through += 1;
      }
      return through;
    },
    admit: (caller = 'ann') => limits[0]!.admit(caller),
  };
}

const limitsFrom = (min: number) =>
  fc
    .record({ requestsPerSecond: fc.integer({ min, max: 500 }), factor: fc.integer({ min: 1, max: 4 }) })
    .map(({ requestsPerSecond, factor }) => ({ requestsPerSecond, burst: requestsPerSecond * factor }));
const limits = limitsFrom(1);
const steps = fc.array(
  fc.record({ ms: fc.integer({ min: 0, max: 3000 }), requests: fc.integer({ min: 0, max: 300 }) }),
  {
    maxLength: 20,
  },
);

describe('the limit of a caller', () => {
  it('lets through the burst and the steady rate, and no more', async () => {
    await fc.assert(
      fc.asyncProperty(limits, steps, async (limit, asked) => {
        const { ask, advance } = setUp(limit);
        let [through, passedMs] = [0, 0];
        for (const { ms, requests } of asked) {
          advance(ms);
          passedMs += ms;
          through += await ask(requests);
          expect(through).toBeLessThanOrEqual(
            limit.burst + (passedMs / 1000) * limit.requestsPerSecond + 1e-6,
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('never refuses who keeps to it', async () => {
    await fc.assert(
      fc.asyncProperty(limits, fc.integer({ min: 1, max: 200 }), async (limit, requests) => {
        const { ask, advance } = setUp(limit);
        for (let request = 0; request < requests; request++) {
          expect(await ask(1)).toBe(1);
          advance(1000 / limit.requestsPerSecond + 0.001);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('holds over all instances, but for what each lets through before it hears of the others', async () => {
    const instanceCount = fc.integer({ min: 2, max: 8 });
    const perStep = fc.integer({ min: 1, max: 60 });
    await fc.assert(
      fc.asyncProperty(limitsFrom(10), instanceCount, perStep, async (limit, instances, requests) => {
        const { ask, advance } = setUp(limit, instances);
        const seconds = 30;
        let through = 0;
        for (let step = 0; step < seconds * 2; step++) {
          for (let instance = 0; instance < instances; instance++)
            through += await ask(requests, 'ann', instance);
          advance(500);
        }
        const late = instances * (10 + 4 * requests);
        expect(through).toBeLessThanOrEqual(limit.burst + seconds * limit.requestsPerSecond + late);
      }),
      { numRuns: 40 },
    );
  });

  it('is another’s own affair', async () => {
    const { ask } = setUp({ requestsPerSecond: 5, burst: 10 });
    expect([await ask(20), await ask(20, 'bob')]).toEqual([10, 10]);
  });

  it('says when to ask again, and how', async () => {
    const { ask, admit, advance } = setUp({ requestsPerSecond: 1, burst: 2 });
    await ask(2);
    await expect(admit()).rejects.toMatchObject({
      kind: 'throttled',
      code: 'RateExceeded',
      details: { retryAfterSeconds: 1 },
      message: expect.stringContaining('log_batch'),
    });
    advance(1000);
    await expect(admit()).resolves.toBeUndefined();
  });
});

describe('the shared bucket', () => {
  it('is not asked for callers who make few requests', async () => {
    const { ask, advance, calls } = setUp({ requestsPerSecond: 200, burst: 400 });
    for (let caller = 0; caller < 50; caller++) await ask(10, `caller-${caller}`);
    advance(5000);
    expect(calls).toEqual({ reads: 0, writes: 0 });
  });

  it('costs one read and one write a second for a busy caller', async () => {
    const { ask, advance, calls } = setUp({ requestsPerSecond: 200, burst: 400 });
    for (let step = 0; step < 100; step++) {
      await ask(20);
      advance(100);
    }
    expect(calls.reads).toBeLessThanOrEqual(10);
    expect(calls.writes).toBe(calls.reads);
  });

  it('tells a new instance what a caller took elsewhere', async () => {
    const { ask, advance } = setUp({ requestsPerSecond: 10, burst: 100 }, 2);
    await ask(100);
    advance(1000);
    await ask(1);
    expect(await ask(100, 'ann', 1)).toBeLessThanOrEqual(20);
  });

  it('stops nobody while it cannot be had', async () => {
    const broken: SharedBuckets = {
      read: async () => {
        throw new Error('no table');
      },
      write: async () => undefined,
    };
    const { ask, failures } = setUp({ requestsPerSecond: 10, burst: 50 }, 1, {
      buckets: broken,
      calls: { reads: 0, writes: 0 },
    });
    expect(await ask(60)).toBe(50);
    expect(failures).toHaveLength(1);
  });
});
