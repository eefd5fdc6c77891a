import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnswer } from './answers.ts';
import { toCsv, violationsOf } from './instances.ts';
import { chooseVersion } from './traffic.ts';

const inputs = [
  { name: 'mean_radius', type: 'number' },
  { name: 'count', type: 'integer' },
  { name: 'smoker', type: 'boolean' },
];
const good = { mean_radius: 1.5, count: 2, smoker: true };

describe('instances', () => {
  it.each([
    ['a good one', good, []],
    ['a missing value that is said to be missing', { ...good, mean_radius: null }, []],
    [
      'a missing feature',
      { count: 2, smoker: true },
      ['instances/0/mean_radius is missing; send a number, or null where the value is not known'],
    ],
    [
      'text for a number',
      { ...good, mean_radius: 'x' },
      ['instances/0/mean_radius is "x"; a number is expected'],
    ],
    [
      'a fraction for an integer',
      { ...good, count: 2.5 },
      ['instances/0/count is 2.5; a integer is expected'],
    ],
    ['a number for a boolean', { ...good, smoker: 1 }, ['instances/0/smoker is 1; a boolean is expected']],
    [
      'a mistyped name',
      { ...good, meanRadius: 1 },
      ["instances/0/meanRadius is not an input of the model; did you mean 'mean_radius'?"],
    ],
    ['an unknown name', { ...good, age: 1 }, ['instances/0/age is not an input of the model; leave it out']],
  ])('are judged: %s', (_case, instance, expected) => {
    expect(violationsOf([instance], inputs).map(({ path, message }) => `${path} ${message}`)).toEqual(
      expected,
    );
  });

  it('list at most fifty violations and count the rest', () => {
    const violations = violationsOf(
      Array.from({ length: 30 }, () => ({})),
      inputs,
    );
    expect(violations).toHaveLength(51);
    expect(violations.at(-1)?.message).toBe('40 more values are not valid');
  });

  it('become CSV in the order of the inputs', () => {
    expect(toCsv([good, { mean_radius: null, count: 1, smoker: false }], inputs)).toBe('1.5,2,1\n,1,0');
  });
});

describe('answers', () => {
  it.each([
    ['binary, comma separated', '0.9,0.1', 2, 'binary_classification', ['0', '1'], ['1', '0']],
    ['binary, one per line', '0.5\n1e-7', 2, 'binary_classification', ['b', 'm'], ['m', 'b']],
    ['regression', '-1.5\n2E2', 2, 'regression', [], [-1.5, 200]],
    [
      'multiclass in brackets',
      '[0.1, 0.7, 0.2]\n[0.6, 0.3, 0.1]',
      2,
      'multiclass_classification',
      ['a', 'b', 'c'],
      ['b', 'a'],
    ],
  ] as const)('are read: %s', (_case, text, rows, task, classes, values) => {
    expect(readAnswer(text, rows, { task, classes: [...classes] }).map((answer) => answer.value)).toEqual(
      values,
    );
  });

  it('have probabilities that name the classes', () => {
    expect(
      readAnswer('0.25', 1, { task: 'binary_classification', classes: ['no', 'yes'] })[0]?.probabilities,
    ).toEqual({ no: 0.75, yes: 0.25 });
  });

  it('with too few numbers are refused', () => {
    expect(() => readAnswer('0.1', 2, { task: 'regression', classes: [] })).toThrow(
      '1 numbers for 2 rows; 2 were expected',
    );
  });
});

describe('traffic', () => {
  const version = (modelVersion: number, share: number) => ({
    model: 'm',
    modelVersion,
    share,
    endpointName: 'e',
    artifactSha256: '',
    signature: { task: 'regression' as const, inputs: [], target: 'y', classes: [] },
  });

  it('keeps a key on its version', () => {
    const versions = [version(1, 0.5), version(2, 0.5)];
    fc.assert(
      fc.property(fc.string(), (key) => {
        expect(chooseVersion(versions, key)).toBe(chooseVersion(versions, key));
      }),
    );
  });

  it('gives each version its share of many keys', () => {
    const versions = [version(1, 0.9), version(2, 0.1)];
    const hits = Array.from(
      { length: 20_000 },
      (_none, i) => chooseVersion(versions, `key-${i}`)?.modelVersion,
    ).filter((chosen) => chosen === 2);
    expect(hits.length / 20_000).toBeCloseTo(0.1, 1);
  });

  it('has nobody to choose where nothing serves', () => {
    expect(chooseVersion([], 'key')).toBeUndefined();
  });
});
