import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { manualClock } from '#shared/kernel/clock.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import { capturedPrediction, groundTruthLabel } from '../contract.ts';
import { createCaptures, unpack } from './captures.ts';
import { goldenItems } from './golden-items.ts';

describe('captures that older releases stored', () => {
  it.each(goldenItems.predictions)('hold predictions as they are read now', (item) => {
    expect(
      z
        .array(capturedPrediction)
        .min(1)
        .parse(unpack(item['body'] as Uint8Array)),
    ).toEqual(unpack(item['body'] as Uint8Array));
  });

  it.each(goldenItems.labels)('hold labels as they are read now', (item) => {
    expect(
      z
        .array(groundTruthLabel)
        .min(1)
        .parse(unpack(item['body'] as Uint8Array)),
    ).toEqual(unpack(item['body'] as Uint8Array));
  });

  it('are found by inference id', async () => {
    const table = createMemoryTable();
    for (const item of goldenItems.predictions) await table.put(item);
    const captures = createCaptures(table, manualClock('2026-01-02T00:00:00Z'));
    expect(await captures.findPrediction('tumour', '01M8FWXKA6BHSWF56QHYP7REX8-0')).toMatchObject({
      model: 'tumour',
      prediction: { value: '1' },
    });
  });
});
