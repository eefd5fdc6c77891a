import { describe, expect, it } from 'vitest';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import type { CaptureFile } from '../ports/capture-files.ts';
import { createCaptureFiles } from './capture-files.ts';

const file = (name: string, firstAt: string, lastAt = firstAt): CaptureFile => ({
  project: 'rides',
  modelVersion: 1,
  object: { uri: `s3://captures/predictions/rides/v1/${name}.jsonl`, sha256: sha256Hex(name), bytes: 10 },
  count: 4,
  firstAt,
  lastAt,
});

describe('the index of capture files', () => {
  it('gives the files that may hold a prediction of a period, in order', async () => {
    const files = createCaptureFiles(createMemoryTable());
    const [early, spanning, inside, late] = [
      file('early', '2026-01-01T00:00:00.000Z', '2026-01-01T09:59:59.999Z'),
      file('spanning', '2026-01-01T09:00:00.000Z', '2026-01-01T10:00:00.000Z'),
      file('inside', '2026-01-01T10:30:00.000Z'),
      file('late', '2026-01-01T11:00:00.001Z'),
    ];
    const over = file('over', '2026-01-01T11:00:00.000Z', '2026-01-01T13:00:00.000Z');
    for (const each of [over, late, inside, spanning, early]) await files.add(each);
    await files.add({ ...file('other', '2026-01-01T10:30:00.000Z'), project: 'other' });
    const period = { from: '2026-01-01T10:00:00.000Z', to: '2026-01-01T11:00:00.000Z' };
    expect(await files.list('rides', period)).toEqual([spanning, inside, over]);
  });

  it('keeps what a rewritten file holds when the fact of its first content comes again, or late', async () => {
    const files = createCaptureFiles(createMemoryTable());
    const before = file('a', '2026-01-01T10:00:00.000Z');
    const after = { ...before, count: 3, object: { ...before.object, sha256: sha256Hex('less'), bytes: 7 } };
    const listed = () => files.list('rides', { from: before.firstAt, to: before.lastAt });
    await files.replace(after);
    await files.add(before);
    expect(await listed()).toEqual([after]);
    await files.replace({ ...after, count: 0 });
    await files.add(before);
    expect(await listed()).toEqual([]);
  });
});
