import { describe, expect, it } from 'vitest';
import { sourceText } from './source-text.ts';

const dataset = { type: 'dataset', name: 's', dataset: 'drivers', eventTimestamp: 'at' } as const;

describe('the source of a view', () => {
  it.each([
    [dataset, 'dataset drivers, known from its upload on'],
    [{ ...dataset, availabilityTimestamp: 'created' }, 'dataset drivers, known from created on'],
    [{ ...dataset, availabilityDelaySeconds: 60 }, 'dataset drivers, known 60 s after at'],
    [{ type: 'captures', name: 's' } as const, 'predictions of this project'],
    [{ type: 'stream', name: 's', columns: {}, eventTimestamp: 'at' } as const, 'a stream of records'],
  ])('%o is told as "%s"', (source, text) => expect(sourceText(source)).toBe(text));
});
