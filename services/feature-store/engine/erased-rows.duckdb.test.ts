import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withDuckDb } from '#shared/duckdb/duckdb.ts';
import { erasedKeyDigest } from '#shared/kernel/erased-key.ts';
import type { FeatureViewVersion } from '../contract.ts';
import type { ErasedEntities } from '../ports.ts';
import { notErasedSql } from './erased-rows.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'erased-rows-'));
});
afterAll(() => rm(folder, { recursive: true }));

const view: FeatureViewVersion = {
  joinKeys: [
    { name: 'driver_id', type: 'string' },
    { name: 'zone', type: 'integer' },
  ],
} as unknown as FeatureViewVersion;
const erasure = (
  joinKeys: ErasedEntities['joinKeys'],
  keys: readonly (readonly (string | number)[])[],
): ErasedEntities => ({
  erasureId: 'e1',
  joinKeys,
  keyDigests: keys.map((key) => erasedKeyDigest('e1', JSON.stringify(key))),
  requestedAt: '2026-11-28T10:00:00.000Z',
});
const byDriver = [{ name: 'driver_id', type: 'string' as const }];

/** The rows that count, of those that are given as (driver, zone, when they became known). */
async function counting(
  rows: readonly (readonly [driver: string | null, zone: number, knownAt: string])[],
  erasures: readonly ErasedEntities[],
): Promise<unknown[]> {
  return withDuckDb({ folder, functionMemoryMb: 256 }, async (database) => {
    await database.run(
      'CREATE TABLE given (driver_id VARCHAR, zone BIGINT, known TIMESTAMPTZ, place INTEGER)',
    );
    const values = rows.map(
      (_row, at) => `($${4 * at + 1}, $${4 * at + 2}, $${4 * at + 3}::TIMESTAMPTZ, $${4 * at + 4})`,
    );
    await database.run(
      `INSERT INTO given VALUES ${values.join(', ')}`,
      rows.flatMap((row, place) => [...row, place]),
    );
    const where = notErasedSql(view, 'known', erasures) ?? 'true';
    const found = await database.rows<{ place: number }>(
      `SELECT place FROM given WHERE ${where} ORDER BY place`,
    );
    return found.map(({ place }) => place);
  });
}
const before = '2026-11-28T09:59:59Z';
const after = '2026-11-28T10:00:01Z';

describe('rows of erased entities', () => {
  it('do not count where they were known when the erasure was asked for', async () => {
    const rows = [
      ['d1', 1, before],
      ['d1', 1, after],
      ['d2', 1, before],
      [null, 1, before],
    ] as const;
    expect(await counting(rows, [erasure(byDriver, [['d1']])])).toEqual([1, 2, 3]);
  });

  it('are found by all join keys, and by those of the entity among others', async () => {
    const rows = [
      ['d1', 1, before],
      ['d1', 2, before],
      ['d2', 1, before],
    ] as const;
    expect(await counting(rows, [erasure(view.joinKeys, [['d1', 1]])])).toEqual([1, 2]);
    expect(await counting(rows, [erasure([{ name: 'zone', type: 'integer' }], [[1]])])).toEqual([1]);
  });

  it('of other entities count', async () => {
    const other = erasure([{ name: 'customer_id', type: 'string' }], [['d1']]);
    expect(await counting([['d1', 1, before]], [other])).toEqual([0]);
    expect(await counting([['d1', 1, before]], [])).toEqual([0]);
  });

  it('are found whatever characters their keys have', async () => {
    const text = fc.string({ unit: 'binary', minLength: 1 }).filter((key) => key.isWellFormed());
    const keys = fc
      .sample(text, { numRuns: 60, seed: 7 })
      .map((key) => key.replaceAll('\0', '\u0001'))
      .concat(['"', '\\', '/', '\n', '\u007f', '\u2028', 'ä', '🚕', "it's"]);
    const erased = erasure(
      byDriver,
      keys.map((key) => [key]),
    );
    expect(
      await counting(
        keys.map((key) => [key, 1, before] as const),
        [erased],
      ),
    ).toEqual([]);
  });
});
