import { describe, expect, it } from 'vitest';
import { encodePageToken } from '#shared/kernel/paging.ts';
import { startKeyOf } from './start-key.ts';

const list = { pk: 'PROJECT#wine', skPrefix: 'UPLOAD#' };
const key = { pk: 'PROJECT#wine', sk: 'UPLOAD#7' };
const start = (made: unknown, options: Parameters<typeof startKeyOf>[0] | object = {}) =>
  startKeyOf({ ...list, ...options, pageToken: encodePageToken(made) });

describe('the key behind which a page begins', () => {
  it('is what the list’s own token holds', () => {
    expect(start(key)).toEqual(key);
    const inIndex = { pk: 'X', sk: 'Y', gsi1pk: 'PROJECT#wine', gsi1sk: 'UPLOAD#7' };
    expect(start(inIndex, { index: 'gsi1' })).toEqual(inIndex);
  });

  it.each<[string, unknown]>([
    ['another project’s list', { ...key, pk: 'PROJECT#tumour' }],
    ['another list of the project', { ...key, sk: 'VERSION#7' }],
    ['an index', { ...key, gsi1pk: 'a', gsi1sk: 'b' }],
    ['half a key', { pk: key.pk }],
    ['a number for a key', { ...key, sk: 7 }],
    ['an empty key', { ...key, sk: '' }],
    ['a key too long', { ...key, sk: `UPLOAD#${'7'.repeat(1024)}` }],
    ['no key', null],
    ['a text', 'key'],
    ['a list of keys', [key]],
  ])('is refused where a token speaks of %s', (_what, made) => {
    expect(() => start(made)).toThrow(/was not made by this list/);
  });

  it('is refused where a token is no token', () => {
    expect(() => startKeyOf({ ...list, pageToken: '%%%' })).toThrow(/leave it out for the first page/);
  });
});
