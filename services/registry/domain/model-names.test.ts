import { describe, expect, it } from 'vitest';
import {
  assertAliasName,
  assertAliasNotReserved,
  assertDescription,
  assertFits,
  assertModelName,
  assertTag,
  versionNumberOf,
} from './model-names.ts';

describe('the name of a model', () => {
  it.each(['wine', 'wine.shadow', 'Wine of 2026', 'häuser', 'a'.repeat(256)])('may be %s', (name) => {
    expect(() => assertModelName(name)).not.toThrow();
  });
  it.each([
    ['', /Missing value for required parameter 'name'/],
    ['  ', /Missing value for required parameter 'name'/],
    ['a/b', /Names cannot contain '\/' or ':'/],
    ['a:b', /Names cannot contain '\/' or ':'/],
    ['..', /it is a path/],
    ['a'.repeat(257), /257 characters, 256 are allowed/],
  ])('may not be %s', (name, message) => {
    expect(() => assertModelName(name)).toThrow(message);
  });
});

describe('an alias', () => {
  it.each(['champion', 'Best-1', 'größe', '_'])('may be %s', (alias) => {
    expect(() => assertAliasName(alias)).not.toThrow();
    expect(() => assertAliasNotReserved(alias)).not.toThrow();
  });
  it.each(['', 'a b', 'a.b', 'a#b', 'a'.repeat(256)])('may not be %s', (alias) => {
    expect(() => assertAliasName(alias)).toThrow();
  });
  it.each(['latest', 'LATEST', 'v1', 'V22'])('%s is reserved', (alias) => {
    expect(() => assertAliasNotReserved(alias)).toThrow(/reserved/);
  });
});

describe('the number of a version', () => {
  it.each([
    ['1', 1],
    ['0012', 12],
    [' 3 ', 3],
    ['-1', -1],
  ])('%s is %i', (text, number) => {
    expect(versionNumberOf(text)).toBe(number);
  });
  it.each(['', 'abc', '1.5', '1e3'])('%s is none', (text) => {
    expect(() => versionNumberOf(text)).toThrow(/must be an integer, got/);
  });
});

describe('a tag', () => {
  it('has a key that is no path out of its folder, and at most 100,000 characters', () => {
    expect(() => assertTag('a/b.c d:e', 'x'.repeat(100_000))).not.toThrow();
    for (const key of ['', '/a', 'a/', 'a//b', '../a', 'a/..', '.', 'a#', 'k'.repeat(251)])
      expect(() => assertTag(key, '')).toThrow();
    expect(() => assertTag('a', 'x'.repeat(100_001))).toThrow(/100000 characters: it has 100001/);
  });
});

describe('what a model says of itself', () => {
  it('fits into an item and into a fact, in bytes', () => {
    expect(() => assertFits("'wine'", { tags: { a: '\u00e4'.repeat(99_000) } })).not.toThrow();
    expect(() => assertFits("'wine'", { tags: { a: '\u00e4'.repeat(101_000) } })).toThrow(
      /Tags and description of 'wine' take 202\d{3} bytes, 200000 are allowed/,
    );
    expect(() => assertDescription('x'.repeat(5001))).toThrow(/5001 characters, 5000 are allowed/);
  });
});
