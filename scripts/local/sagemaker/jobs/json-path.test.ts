import { describe, expect, it } from 'vitest';
import { compileColumnPath, splitCsvRecord } from './json-path.ts';

describe('compileColumnPath', () => {
  it.each([
    ['$', ['a', 'b', 'c']],
    ['$[1]', ['b']],
    ['$[-1]', ['c']],
    ['$[1:]', ['b', 'c']],
    ['$[:-1]', ['a', 'b']],
    ['$[0:2]', ['a', 'b']],
    ['$[2, 0]', ['c', 'a']],
    ['$[9]', []],
  ])('%s picks %j', (path, expected) => {
    expect(compileColumnPath(path, 'InputFilter')(['a', 'b', 'c'])).toEqual(expected);
  });

  it.each(['$.features', '$[*]', '$[0:4:2]', '$[]', '[1]', '$[1'])('refuses %s', (path) => {
    expect(() => compileColumnPath(path, 'InputFilter')).toThrow(
      `InputFilter '${path}' is not supported by the laptop runtime`,
    );
  });
});

it('splits a CSV record at commas outside quotes and leaves fields as written', () => {
  expect(splitCsvRecord('1,"a,b",,"say ""x"""')).toEqual(['1', '"a,b"', '', '"say ""x"""']);
});
