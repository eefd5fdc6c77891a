import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type DuckDb, withDuckDb } from '#shared/duckdb/duckdb.ts';
import fixtures from '../../../../test/fixtures/statistics/distances.json' with { type: 'json' };
import { type DistributionRule, distributionCheck, type Sample } from './distribution-check.ts';
import { type OutlierMethod, outlierBounds } from './outlier-bounds.ts';

type Type = Parameters<typeof distributionCheck>[2];
type Values = readonly (string | number | boolean | null)[];

const folder = mkdtempSync(join(tmpdir(), 'millrace-distances-'));
afterAll(() => rmSync(folder, { recursive: true }));
const within = <Result>(run: (database: DuckDb) => Promise<Result>) =>
  withDuckDb({ folder, functionMemoryMb: 500 }, run);

const sqlTypes = {
  number: 'DOUBLE',
  integer: 'BIGINT',
  boolean: 'BOOLEAN',
  string: 'VARCHAR',
  timestamp: 'TIMESTAMPTZ',
};
const sampleOf = (values: Values, type: Type): Sample => ({
  relation: `(SELECT unnest([${values.map((value) => (value === null ? 'NULL' : `'${value}'`)).join(', ')}]::VARCHAR[])::${sqlTypes[type]} AS "a ""value""")`,
  value: '"a ""value"""',
});
const rule = (changed: Partial<DistributionRule>): DistributionRule => ({
  check: 'distribution',
  column: 'c',
  method: 'psi',
  reference: 'previous',
  minRows: 2,
  severity: 'warn',
  ...changed,
});
const check = (
  changed: Partial<DistributionRule>,
  type: Type,
  current: Values,
  reference: Values | undefined,
) =>
  within((database) =>
    distributionCheck(database, rule(changed), type, {
      current: sampleOf(current, type),
      reference: reference && sampleOf(reference, type),
    }),
  );

// Expected values: numpy and scipy, by test/fixtures/statistics/distances.py.
describe.each(fixtures)('two samples: $name', ({ type, reference, current, expected }) => {
  it.each(['psi', 'ks', 'chi_squared', 'jensen_shannon', 'wasserstein'] as const)(
    'have the distance of scipy: %s',
    async (method) => {
      const wanted = (expected as Record<string, number | undefined>)[method];
      const found = await check({ method }, type as Type, current, reference);
      if (type === 'string' && wanted === undefined) expect(found.outcome).toBe('failed');
      else expect(found.statistic).toBeCloseTo(wanted ?? 0, 12);
      const pValue = (expected as Record<string, number | undefined>)[`${method}_p`];
      if (pValue !== undefined) expect(found.pValue! / pValue).toBeCloseTo(1, 9);
    },
  );

  it.skipIf(type === 'string')('have the outlier bounds of scipy', async () => {
    const { relation, value } = sampleOf(reference, type as Type);
    const numeric = { relation, value: `CAST(${value} AS DOUBLE)` };
    for (const [method, wanted] of Object.entries(expected.outliers!)) {
      const found = await within((database) => outlierBounds(database, numeric, method as OutlierMethod));
      if (wanted === null) expect(found).toBeUndefined();
      else {
        expect(found!.low).toBeCloseTo(wanted[0]!, 10);
        expect(found!.high).toBeCloseTo(wanted[1]!, 10);
      }
    }
  });
});

describe('the distribution check', { timeout: 30_000 }, () => {
  const low = Array.from({ length: 100 }, (_none, i) => i);
  const high = low.map((value) => value + 1000);

  it.each(['psi', 'ks', 'chi_squared', 'jensen_shannon', 'wasserstein'] as const)(
    'passes equal and fails different samples: %s',
    async (method) => {
      expect(await check({ method }, 'number', low, low)).toMatchObject({
        outcome: 'passed',
        statistic: 0,
        n: 100,
        nReference: 100,
      });
      expect(await check({ method }, 'number', high, low)).toMatchObject({ outcome: 'failed' });
    },
  );

  it('passes a distance that is just what the rule allows', async () => {
    const { statistic } = await check({ method: 'ks' }, 'number', [1, 2, 3], [2, 3, 4]);
    expect(await check({ method: 'ks', max: statistic! }, 'number', [1, 2, 3], [2, 3, 4])).toMatchObject({
      outcome: 'passed',
    });
    expect(
      await check({ method: 'ks', max: statistic! - 1e-9 }, 'number', [1, 2, 3], [2, 3, 4]),
    ).toMatchObject({ outcome: 'failed' });
  });

  it.each([
    ['too few values', low.slice(0, 99), low],
    ['too few in the reference', low, low.slice(0, 99)],
    ['nothing but missing values', [...low.slice(0, 50), ...Array<null>(60).fill(null)], low],
    ['no values', [], low],
  ])('cannot say with %s', async (_what, current, reference) => {
    expect(await check({ minRows: 100 }, 'number', current, reference)).toMatchObject({
      outcome: 'insufficient',
    });
  });

  it('leaves missing values and infinities out', async () => {
    expect(await check({ method: 'ks' }, 'number', [...low, null, null], low)).toMatchObject({
      statistic: 0,
      n: 100,
    });
    expect((await check({ method: 'ks' }, 'number', [...low, 'inf', 'nan'], low)).statistic).toBe(0);
  });

  it('is skipped where there is no version to compare with', async () => {
    expect(await check({ reference: 'first' }, 'number', low, undefined)).toMatchObject({
      outcome: 'skipped',
      observed: 'no version first to compare with',
    });
  });

  it('compares times by seconds', async () => {
    const days = (from: number) =>
      Array.from({ length: 10 }, (_none, i) => `2026-01-${String(i + from).padStart(2, '0')}`);
    expect((await check({ method: 'wasserstein' }, 'timestamp', days(11), days(1))).statistic).toBeCloseTo(
      10 / 3.0276503540974917,
      12,
    );
    expect((await check({ method: 'psi' }, 'timestamp', days(1), days(1))).statistic).toBe(0);
  });

  it('fails, without a number, where the reference has one value and the other another', async () => {
    const found = await check({ method: 'wasserstein' }, 'number', [2, 2, 2], [1, 1, 1]);
    expect(found).toMatchObject({ outcome: 'failed' });
    expect(found).not.toHaveProperty('statistic');
  });

  it('is symmetric in what it calls equal, and blind to the order of rows', async () => {
    const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 30 });
    await within((database) =>
      fc.assert(
        fc.asyncProperty(values, values, async (a, b) => {
          const of = async (current: Values, reference: Values) =>
            (
              await distributionCheck(database, rule({ method: 'ks' }), 'integer', {
                current: sampleOf(current, 'integer'),
                reference: sampleOf(reference, 'integer'),
              })
            ).statistic!;
          expect(await of(a, b)).toBeCloseTo(await of(b, a), 12);
          expect(await of([...a].reverse(), b)).toBe(await of(a, b));
          expect(await of(a, a)).toBe(0);
        }),
        { numRuns: 25 },
      ),
    );
  });
});

describe('outlier bounds', () => {
  const bounds = (values: Values, method: OutlierMethod, threshold?: number) =>
    within((database) => outlierBounds(database, sampleOf(values, 'number'), method, threshold));

  it.each(['iqr', 'z', 'mad'] as const)('are none without values or spread: %s', async (method) => {
    expect(await bounds([], method)).toBeUndefined();
    expect(await bounds([null], method)).toBeUndefined();
    expect(await bounds([5], method)).toBeUndefined();
    expect(await bounds([5, 5, 5], method)).toBeUndefined();
  });

  it.each(['iqr', 'mad'] as const)(
    'are none where half of the values or more are equal: %s',
    async (method) => {
      expect(await bounds([0, 0, 0, 0, 0, 0, 0, 9], method)).toBeUndefined();
    },
  );

  it('are wider with a greater threshold, and leave infinities out', async () => {
    expect(await bounds([1, 2, 3, 4, 5], 'iqr', 1)).toEqual({ low: 0, high: 6 });
    expect(await bounds([1, 2, 3, 4, 5, 'inf', 'nan'], 'iqr', 2)).toEqual({ low: -2, high: 8 });
  });
});
