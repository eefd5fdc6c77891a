import { describe, expect, it } from 'vitest';
import { compileExpression, evaluate } from './query.ts';

const bindings = { states: { input: { a: 1, list: [3, 1, 2], text: '{"x":[1]}' } }, count: 7 };
const one = (source: string) => evaluate(`{% ${source} %}`, bindings, 'Output');

describe('evaluate', () => {
  it('replaces expressions anywhere in a value and leaves the rest', async () => {
    const template = {
      n: '{% $states.input.a + $count %}',
      plain: '{%',
      deep: [{ s: '{% $string($count) %}' }, null, 2],
    };
    expect(await evaluate(template, bindings, 'Output')).toEqual({
      n: 8,
      plain: '{%',
      deep: [{ s: '7' }, null, 2],
    });
  });

  it('yields plain arrays', async () => {
    const sorted = await one('$sort($states.input.list)');
    expect(sorted).toStrictEqual([1, 2, 3]);
    expect(Object.getOwnPropertyNames(sorted)).toEqual(['0', '1', '2', 'length']);
  });

  it.each([
    ['$partition([1,2,3,4,5], 2)', [[1, 2], [3, 4], [5]]],
    ['$range(1, 9, 4)', [1, 5, 9]],
    ['$range(3, 1, -1)', [3, 2, 1]],
    ['$hash("a", "SHA-256")', 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
    ['$random(5) = $random(5)', true],
    ['$parse($states.input.text).x[0]', 1],
    ['$length($uuid())', 36],
  ])('knows %s', async (source, expected) => {
    expect(await one(source)).toEqual(expected);
  });

  it.each([
    ['$states.input.missing', 'returned nothing (undefined)'],
    ['$sum', 'returned a function'],
    ['$number("x")', 'threw an error'],
    ['$parse("{")', 'threw an error'],
    ['$range(1, 5000, 1)', 'exceed the limit'],
  ])('fails %s with States.QueryEvaluationError', async (source, reason) => {
    await expect(one(source)).rejects.toMatchObject({
      error: 'States.QueryEvaluationError',
      explanation: expect.stringContaining(reason),
    });
  });
});

describe('compileExpression', () => {
  it.each([
    ['$states.input.(', 'not valid'],
    ['$eval("1")', '$eval is not supported'],
    ['$map([1], $eval)', '$eval is not supported'],
    ['$states.input.a ?? 1', 'not valid'],
    ['$states.input.a ?: 1', 'not valid'],
  ])('refuses %s', (source, reason) => {
    expect(() => compileExpression(source)).toThrow(reason);
  });
});
