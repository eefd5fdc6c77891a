import { describe, expect, it } from 'vitest';
import { isStorable } from './key-limits.ts';

describe('the key of an item', () => {
  it.each([
    ['2,048 bytes of partition key', 'x'.repeat(2048), 'y', true],
    ['a byte more', 'x'.repeat(2049), 'y', false],
    ['letters of several bytes', 'ü'.repeat(1025), 'y', false],
    ['1,024 bytes of sort key', 'x', 'y'.repeat(1024), true],
    ['a byte more there', 'x', 'y'.repeat(1025), false],
  ])('may have %s: %s', (_what, pk, sk, storable) => {
    expect(isStorable({ pk, sk })).toBe(storable);
  });
});
