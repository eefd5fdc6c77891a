import { describe, expect, it } from 'vitest';
import { itemBytes, writeUnits } from './dynamodb-units.ts';

const item = (bytes: number) => ({ pk: { S: 'a'.repeat(bytes - 2) } });

describe('the size of an item', () => {
  it('is that of its names and values', () => {
    expect(itemBytes({ pk: { S: 'äb' }, n: { N: '-12.34' }, yes: { BOOL: true } })).toBe(
      2 + 3 + 1 + 3 + 3 + 1,
    );
  });

  it('counts lists and maps with what they hold', () => {
    expect(itemBytes({ l: { L: [{ S: 'ab' }, { NULL: true }] } })).toBe(1 + 3 + (1 + 2) + (1 + 1));
    expect(itemBytes({ m: { M: { k: { S: 'ab' } } } })).toBe(1 + 3 + 1 + (1 + 2));
  });
});

describe('write units', () => {
  it('are one for each begun KB', () => {
    expect([1024, 1025].map((bytes) => writeUnits(item(bytes), false))).toEqual([1, 2]);
  });

  it('are twice as many in a transaction', () => {
    expect(writeUnits(item(1025), true)).toBe(4);
  });

  it('are more for an item that the index holds', () => {
    expect(writeUnits({ ...item(100), gsi1pk: { S: 'x' } }, true)).toBe(3);
  });
});
