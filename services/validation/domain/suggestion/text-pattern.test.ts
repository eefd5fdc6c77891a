import { describe, expect, it } from 'vitest';
import { textPattern } from './text-pattern.ts';

describe('the pattern of codes', () => {
  it.each([
    [['AB-1234', 'CD-0001'], '[A-Z]{2}-[0-9]{4}'],
    [['s0000', 's0001'], '[a-z][0-9]{4}'],
    [['A1', 'A12345'], '[A-Z][0-9]+'],
    [['10.0.0.1', '192.168.10.20'], '[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+'],
    [['DE', 'FR'], '[A-Z]{2}'],
    [['A_1#2', 'B_3#4'], '[A-Z]_[0-9]#[0-9]'],
  ])('of %j is %s, which they match', (examples, pattern) => {
    expect(textPattern(examples)).toBe(pattern);
    for (const example of examples) expect(example).toMatch(new RegExp(`^(${pattern})$`));
  });

  it.each([
    ['words', ['red', 'green']],
    ['names', ['Ada', 'Grace']],
    ['sentences', ['A b 1', 'C d 2']],
    ['different codes', ['AB-1', '1-AB']],
    ['capitals of several lengths', ['DE', 'FRA']],
    ['long texts', ['a1b2c3d4e5f6a7b8']],
    ['letters beyond ASCII', ['Ä1']],
    ['nothing', []],
    ['an empty text', ['']],
  ])('there is none of %s', (_what, examples) => {
    expect(textPattern(examples)).toBeUndefined();
  });
});
