import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareKeys, KeyIndex } from './key-index.ts';

const text = fc.string({ unit: 'binary', maxLength: 8 });

describe('compareKeys', () => {
  it('orders any two keys as their UTF-8 bytes', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});

describe('KeyIndex', () => {
  it('gives the keys of a prefix in order, once each, without removed ones', () => {
    fc.assert(
      fc.property(fc.array(text), text, fc.string({ maxLength: 2 }), (keys, removed, prefix) => {
        const index = new KeyIndex();
        for (const key of [...keys, ...keys]) index.add(key);
        index.remove(removed);
        const expected = [...new Set(keys)].filter((key) => key !== removed && key.startsWith(prefix));
        expect([...index.from('', prefix)]).toEqual(expected.sort(compareKeys));
      }),
    );
  });

  it('starts at the key that is asked for', () => {
    const index = new KeyIndex();
    for (const key of ['a', 'b', 'c']) index.add(key);
    expect([...index.from('b', '')]).toEqual(['b', 'c']);
  });
});
