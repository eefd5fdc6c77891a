import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withDuckDb } from '#shared/duckdb/duckdb.ts';
import type { QuarantineQuestion } from '../ports.ts';
import { readQuarantine } from './quarantine-rows.ts';

let folder: string;
const [first, second] = ['a'.repeat(64), 'b'.repeat(64)];
const place = () => ({ folder, functionMemoryMb: 256 });
const file = (name: string) => join(folder, `${name}.parquet`);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-quarantine-'));
  await withDuckDb(place(), async (database) => {
    await database.run(`COPY (SELECT * FROM (VALUES
      ('r1', '-1', ['range: x must be at least 0'], ['range:x'], '${first}', 2::BIGINT),
      ('r2', NULL, ['not_null: x'], ['not_null:x'], '${first}', 3),
      ('r3', '-3', ['range: x', 'length: id'], ['range:x', 'length:id'], '${second}', 1),
      ('r1', '-9', ['range: x'], ['range:x'], '${second}', 2)
    ) AS rows(id, x, _reasons, _checks, _object_sha256, _row)) TO '${file('quarantine')}' (FORMAT parquet)`);
    await database.run(`COPY (SELECT id, _available_at::TIMESTAMPTZ AS _available_at FROM (VALUES
      ('r1', '2026-01-02T00:00:00Z'), ('r3', '2026-01-01T00:00:00Z'), ('r9', '2026-01-03T00:00:00Z')
    ) AS rows(id, _available_at)) TO '${file('validated')}' (FORMAT parquet)`);
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

const object = { uri: 's3://data/o', sha256: first, bytes: 1 };
const repairs = {
  primaryKey: 'id',
  validated: object,
  uploads: [
    { sha256: first, availableAt: '2026-01-01T00:00:00.000Z' },
    { sha256: second, availableAt: '2026-01-02T00:00:00.000Z' },
  ],
};
const read = (question: Partial<QuarantineQuestion> = {}) =>
  withDuckDb(place(), (database) =>
    readQuarantine(
      database,
      { quarantine: object, offset: 0, limit: 10, masked: [], ...question },
      { quarantine: file('quarantine'), validated: question.repairs ? file('validated') : undefined },
    ),
  );

describe('rows in quarantine', () => {
  it('come in the order of the file, with what was uploaded and why it was kept out', async () => {
    const { items, ...page } = await read();
    expect(page).toEqual({ quarantinedRows: 4, matchingRows: 4, repairedRows: 0 });
    expect(items[1]).toEqual({
      row: 3,
      objectSha256: first,
      reasons: ['not_null: x'],
      values: { id: 'r2', x: null },
    });
    expect(items.map(({ values }) => values['id'])).toEqual(['r1', 'r2', 'r3', 'r1']);
  });

  it.each([
    ['range', ['-1', '-3', '-9']],
    ['range:x', ['-1', '-3', '-9']],
    ['length:id', ['-3']],
    ["x' OR true", []],
  ])('are filtered by the check %s', async (check, found) => {
    const { items, matchingRows } = await read({ check });
    expect(items.map(({ values }) => values['x'])).toEqual(found);
    expect(matchingRows).toBe(found.length);
  });

  it('come a page at a time', async () => {
    const { items, matchingRows } = await read({ check: 'range', offset: 1, limit: 1 });
    expect([items.map(({ values }) => values['x']), matchingRows]).toEqual([['-3'], 3]);
  });

  it('hide values of sensitive columns, and show that one is missing', async () => {
    const { items } = await read({ masked: ['x'] });
    expect(items.map(({ values }) => values['x'])).toEqual(['•••', null, '•••', '•••']);
  });

  it('are repaired by a valid row of their key that came after them', async () => {
    const { items, repairedRows } = await read({ repairs });
    expect(repairedRows).toBe(1);
    expect(items.map(({ repairedAt }) => repairedAt)).toEqual([
      '2026-01-02T00:00:00.000Z',
      undefined,
      undefined,
      undefined,
    ]);
  });
});
