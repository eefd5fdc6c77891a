import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cameBefore } from './sequencer.ts';
import { readUploadKey } from './upload-key.ts';
import { mergeColumns } from './version-plan.ts';

const hex = fc.stringMatching(/^[0-9A-F]{1,20}$/);

describe('sequencers', () => {
  it('order any two writes one way only', () => {
    fc.assert(fc.property(hex, hex, (a, b) => !(cameBefore(a, b) && cameBefore(b, a))));
  });

  it('take a missing tail for zeros', () => {
    fc.assert(fc.property(hex, (a) => !cameBefore(a, `${a}00`) && !cameBefore(`${a}00`, a)));
    expect(cameBefore('0A', '0A1')).toBe(true);
  });
});

describe('upload keys', () => {
  it.each([
    ['incoming/wine/rows.csv', { project: 'wine', path: 'rows.csv', valid: true }],
    [
      'incoming/wine/january/dt=2026-01-01/rows.csv',
      { project: 'wine', folder: 'january', path: 'dt=2026-01-01/rows.csv', valid: true },
    ],
    ['incoming/wine/', { project: 'wine', path: '', valid: false }],
    ['incoming/wine/january/', { project: 'wine', folder: 'january', path: '', valid: false }],
    ['incoming/wine', { project: 'wine', path: '', valid: false }],
    ['incoming/Wine/rows.csv', { path: 'rows.csv', valid: false }],
    ['incoming//rows.csv', { path: 'rows.csv', valid: false }],
    ['other/wine/rows.csv', { path: 'rows.csv', valid: false }],
  ])('read %s', (key, expected) => {
    expect(readUploadKey(key)).toEqual(expected);
  });
});

describe('merging columns', () => {
  const column = fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    type: fc.constantFrom('number', 'integer', 'string', 'boolean', 'timestamp'),
  });
  const columns = fc.uniqueArray(column, { selector: ({ name }) => name });

  it('keeps what both agree on and changes nothing when repeated', () => {
    fc.assert(
      fc.property(columns, columns, (before, after) => {
        const merged = mergeColumns(before, after);
        expect(mergeColumns(before, before)).toEqual(before);
        expect(mergeColumns(merged, after)).toEqual(merged);
        expect(merged.map(({ name }) => name).slice(0, before.length)).toEqual(
          before.map(({ name }) => name),
        );
      }),
    );
  });

  it('widens integers to numbers and everything else to text', () => {
    const one = (type: 'number' | 'integer' | 'boolean') => [{ name: 'a', type }];
    expect(mergeColumns(one('integer'), one('number'))).toEqual(one('number'));
    expect(mergeColumns(one('integer'), one('boolean'))).toEqual([{ name: 'a', type: 'string' }]);
  });
});
