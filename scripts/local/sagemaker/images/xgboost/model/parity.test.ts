import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { predictContributions } from './contributions.ts';
import { createPredictor } from './predictor.ts';
import { readModel } from './read-model.ts';
import { writeModel } from './write-model.ts';

interface Expected {
  readonly rows: readonly (readonly (number | null)[])[];
  readonly predictions: readonly (readonly number[])[];
  readonly margins: readonly (readonly number[])[];
  readonly contributions: readonly (readonly number[])[];
}

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../../../../../test/fixtures/xgboost/${name}`, import.meta.url));
const cases = ['binary', 'missing', 'regression', 'multiclass'].flatMap((name) =>
  ['1.7', '3.0', '3.2'].map((version) => `${name}.${version}`),
);

/** Greatest difference, relative to the size of the numbers where they are great. */
const distance = (ours: Float32Array, theirs: readonly number[]): number =>
  Math.max(...theirs.map((value, i) => Math.abs((ours[i] as number) - value) / Math.max(1, Math.abs(value))));

describe.each(cases)('the model %s that Python xgboost saved', (name) => {
  const model = readModel(fixture(`${name}.ubj`));
  const expected = JSON.parse(fixture(`${name}.expected.json`).toString('utf8')) as Expected;
  const values = Float32Array.from(expected.rows.flat(), (value) => value ?? Number.NaN);
  const rowCount = expected.rows.length;

  it('gives the same margins and predictions', () => {
    const predictor = createPredictor(model);
    expect(distance(predictor.predictMargins(values, rowCount), expected.margins.flat())).toBeLessThan(1e-6);
    expect(distance(predictor.predict(values, rowCount), expected.predictions.flat())).toBeLessThan(1e-6);
  });

  it('gives the same contributions, which sum up to the margins', () => {
    const contributions = predictContributions(model, values, rowCount);
    expect(distance(contributions, expected.contributions.flat())).toBeLessThan(1e-5);
    const width = model.featureCount + 1;
    expected.margins.flat().forEach((margin, at) => {
      const sum = contributions
        .subarray(at * width, (at + 1) * width)
        .reduce((total, value) => total + value, 0);
      expect(Math.abs(sum - margin)).toBeLessThan(1e-5 * Math.max(1, Math.abs(margin)));
    });
  });

  it.skipIf(new Set(model.baseScores).size > 1)(
    'predicts the same after it was written and read again',
    () => {
      const again = createPredictor(readModel(writeModel(model)));
      expect(again.predict(values, rowCount)).toEqual(createPredictor(model).predict(values, rowCount));
    },
  );
});

describe.each(['1.7', '3.0', '3.2'])('the JSON model of version %s', (version) => {
  it('is read like the UBJSON one', () => {
    expect(readModel(fixture(`binary.${version}.json`))).toEqual(readModel(fixture(`binary.${version}.ubj`)));
  });
});

it('refuses to write base scores that differ between classes', () => {
  expect(() => writeModel(readModel(fixture('multiclass.3.2.ubj')))).toThrow('differ between classes');
});
