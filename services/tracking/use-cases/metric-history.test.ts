import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operator, point, trackingFor } from '#test/doubles/tracking.ts';
import { withPoints } from '../domain/metrics.ts';
import { metricHistory } from './metric-history.ts';

describe('many writers of one run', () => {
  it('lose nothing: sixteen at once, each with its own and with shared metrics', async () => {
    const { newRun, log, read, wholeHistory } = trackingFor();
    const { runId } = await newRun();
    const writer = async (w: number) => {
      for (let i = 0; i < 8; i++) {
        await log(runId, {
          metrics: [point('shared', w, i), point(`own/${w}`, i, i)],
          params: [{ key: `${w}/${i}`, value: '1' }],
        });
      }
    };
    await Promise.all(Array.from({ length: 16 }, (_, w) => writer(w)));
    const run = await read(runId);
    expect(Object.keys(run.params)).toHaveLength(128);
    expect(run.metrics['shared']).toEqual([15, 7, 7]);
    expect(await wholeHistory(runId, 'shared')).toHaveLength(128);
    expect(await wholeHistory(runId, 'own/3')).toHaveLength(8);
  });

  it('leave the latest metrics and the history that one writer would', async () => {
    const anyPoint = fc.record({
      key: fc.constantFrom('a', 'b'),
      value: fc.constantFrom(Number.NaN, 0, 1, 2),
      timestamp: fc.integer({ min: 0, max: 3 }),
      step: fc.integer({ min: -2, max: 2 }),
    });
    const calls = fc.array(fc.array(anyPoint, { minLength: 1, maxLength: 6 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(calls, fc.boolean(), async (batches, repeated) => {
        const { newRun, log, read, wholeHistory } = trackingFor();
        const { runId } = await newRun();
        await Promise.all(batches.map((metrics) => log(runId, { metrics })));
        // A client that heard no answer repeats its call.
        if (repeated) await Promise.all(batches.map((metrics) => log(runId, { metrics })));
        const all = batches.flat();
        const { metrics } = await read(runId);
        const expected = withPoints({}, all);
        for (const key of ['a', 'b']) {
          expect(metrics[key]?.slice(1)).toEqual(expected[key]?.slice(1));
          expect(metrics[key] && (metrics[key][0] ?? 0)).toEqual(expected[key] && (expected[key][0] ?? 0));
          const distinct = new Set(
            all
              .filter((each) => each.key === key)
              .map(({ value, timestamp, step }) => `${timestamp} ${step} ${value}`),
          );
          const history = await wholeHistory(runId, key, 2);
          expect(history.map(({ value, timestamp, step }) => `${timestamp} ${step} ${value}`).sort()).toEqual(
            [...distinct].sort(),
          );
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('the history of a metric', () => {
  it('is whole after many calls, whose blocks were merged', async () => {
    const { newRun, log, wholeHistory, memory } = trackingFor();
    const { runId } = await newRun();
    for (let i = 0; i < 150; i++)
      await log(runId, { metrics: Array.from({ length: 90 }, (_, k) => point(`m${k}`, i + k, i)) });
    const history = await wholeHistory(runId, 'm7');
    expect(history.map(({ step }) => step)).toEqual(Array.from({ length: 150 }, (_, i) => i));
    const kinds = memory
      .items()
      .filter(({ pk }) => pk.startsWith('METRICS#'))
      .map(({ sk }) => sk.split('#')[0]);
    expect(kinds.filter((kind) => kind === 'LOOSE').length).toBeLessThan(64);
    expect(kinds).toContain('PACKED');
  });

  it('is read in pages that neither skip nor repeat a point, while more is logged', async () => {
    const { deps, newRun, log } = trackingFor();
    const { runId } = await newRun();
    await log(runId, { metrics: Array.from({ length: 50 }, (_, i) => point('m', i, i)) });
    const seen: number[] = [];
    let pageToken: string | undefined;
    for (let call = 0; ; call++) {
      const page = await metricHistory(deps, operator, { runId, metricKey: 'm', maxResults: 7, pageToken });
      seen.push(...page.items.map(({ step }) => step));
      pageToken = page.nextPageToken;
      if (pageToken === undefined) break;
      await log(runId, { metrics: [point('m', -call, -1, 0), point('m', 100 + call, 100 + call)] });
    }
    expect(seen.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(new Set(seen).size).toBe(seen.length);
  });
});
