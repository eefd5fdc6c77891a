import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { distributionCheck } from '../../services/validation/engine/statistics/distribution-check.ts';
import { outlierBounds } from '../../services/validation/engine/statistics/outlier-bounds.ts';
import { withDuckDb } from '../../shared/duckdb/duckdb.ts';
import { checkTitle, part, theValue } from './parts/part.ts';
import { pythonEnvironment } from './parts/python.ts';

const environment = await part(() => pythonEnvironment('scipy', ['scipy==1.17.1', 'numpy==2.4.6']));
const script = join(import.meta.dirname, '../fixtures/statistics/distances.py');
const folder = mkdtempSync(join(tmpdir(), 'millrace-distances-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Case {
  readonly type: 'number' | 'integer' | 'boolean' | 'string';
  readonly reference: readonly (number | boolean | string)[];
  readonly current: readonly (number | boolean | string)[];
}
type Expected = Record<string, number> & { outliers?: Record<string, [number, number] | null> };

/** Other data in every run; the seed is in the title, so that a failure can be had again (MILLRACE_SEED). */
const seed = Number(process.env['MILLRACE_SEED'] ?? Date.now() % 1_000_000);
let state = seed;
function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}
const list = <Value>(most: number, value: () => Value): Value[] =>
  Array.from({ length: 30 + Math.floor(random() * most) }, value);
const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

function makeCase(number: number): Case {
  const [shift, scale] = [random() - 0.5, 0.5 + random()];
  switch (number % 4) {
    case 0:
      return {
        type: 'number',
        reference: list(600, normal),
        current: list(600, () => shift + scale * normal()),
      };
    case 1:
      return {
        type: 'integer',
        reference: list(400, () => Math.round(9 * normal())),
        current: list(400, () => Math.round(shift + 9 * scale * normal())),
      };
    case 2:
      return {
        type: 'boolean',
        reference: list(300, () => random() < 0.4),
        current: list(300, () => random() < scale / 2),
      };
    default:
      return {
        type: 'string',
        reference: list(900, () => `c${Math.floor(random() ** 2 * 130)}`),
        current: list(900, () => `c${Math.floor(random() * 140 * scale)}`),
      };
  }
}

const sqlTypes = { number: 'DOUBLE', integer: 'BIGINT', boolean: 'BOOLEAN', string: 'VARCHAR' };
const sampleOf = (values: Case['current'], type: Case['type']) => ({
  relation: `(SELECT unnest([${values.map((value) => `'${value}'`).join(', ')}])::${sqlTypes[type]} AS c)`,
  value: 'c',
});

describe.skipIf(environment.missing)(checkTitle(`scipy, seed ${seed}`, environment), () => {
  it('measures the same distances, p-values and outlier bounds as the platform', async () => {
    const cases = Array.from({ length: 40 }, (_none, number) => makeCase(number));
    const answer = execFileSync(theValue(environment).python, [script, '-'], {
      input: JSON.stringify(cases),
      maxBuffer: 2 ** 26,
    });
    const expected = JSON.parse(answer.toString('utf8')) as Expected[];
    await withDuckDb({ folder, functionMemoryMb: 500 }, async (database) => {
      for (const [number, { type, reference, current }] of cases.entries()) {
        const samples = { reference: sampleOf(reference, type), current: sampleOf(current, type) };
        const wanted = expected[number]!;
        for (const method of ['psi', 'ks', 'chi_squared', 'jensen_shannon', 'wasserstein'] as const) {
          if (wanted[method] === undefined) continue;
          const rule = {
            check: 'distribution',
            column: 'c',
            method,
            reference: 'previous',
            minRows: 2,
            severity: 'warn',
          } as const;
          const found = await distributionCheck(database, rule, type, samples);
          expect(found.statistic, `${method} of case ${number}`).toBeCloseTo(wanted[method], 11);
          const pValue = wanted[`${method}_p`];
          if (pValue !== undefined)
            expect(found.pValue! / pValue, `p of ${method} of case ${number}`).toBeCloseTo(1, 8);
        }
        for (const [method, bounds] of Object.entries(wanted.outliers ?? {})) {
          const numeric = { relation: samples.reference.relation, value: 'CAST(c AS DOUBLE)' };
          const found = await outlierBounds(database, numeric, method as 'iqr' | 'z' | 'mad');
          if (bounds === null) expect(found, `${method} of case ${number}`).toBeUndefined();
          else
            for (const [place, bound] of bounds.entries())
              expect(place === 0 ? found!.low : found!.high).toBeCloseTo(bound, 9);
        }
      }
    });
  });
});
