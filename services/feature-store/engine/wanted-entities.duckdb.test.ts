import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DuckDb, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { microsecondsOf } from '#shared/kernel/microseconds.ts';
import { exampleView } from '#test/doubles/materialization.ts';
import type { FeatureViewVersion } from '../contract.ts';
import { orderOf } from '../domain/rank.ts';
import { valuesAt, type WindowState } from '../domain/window-state.ts';
import { parsePart, partName, writeChanges } from './changed-entities.ts';
import { nextVisible } from './next-visible.ts';
import { findWanted } from './wanted-entities.ts';

const asOf = '2026-01-02T00:00:00.000Z';
/** Rows as validation leaves them: [driver, happened, known, rating, seen]. */
const rows = [
  ['d1', '2026-01-01 10:00:00', '2026-01-01 11:00:00', 1.5, '2026-01-01 09:00:00.000001'],
  ['d1', '2026-01-01 12:00:00', '2026-01-01 13:00:00', null, '2026-01-01 09:00:00'],
  ['d2', '2026-01-01 10:00:00', '2026-01-01 11:00:00', 2.5, null],
  // Uploaded after asOf, and happening after it.
  ['d2', '2026-01-01 12:00:00', '2026-01-02 00:00:01', 9, null],
  ['d2', '2026-01-02 06:00:00', '2026-01-01 11:00:00', 8, null],
  ['', '2026-01-01 10:00:00', '2026-01-01 11:00:00', 3, null],
  [null, '2026-01-01 10:00:00', '2026-01-01 11:00:00', 3, null],
  ['x'.repeat(2000), '2026-01-01 10:00:00', '2026-01-01 11:00:00', 3, null],
] as const;
const latest: FeatureViewVersion = {
  ...exampleView,
  features: [
    { name: 'rating', type: 'number', column: 'rating', sensitive: false },
    { name: 'seen', type: 'timestamp', column: 'seen', sensitive: false },
  ],
};
const aggregation = { type: 'integer', windowSeconds: 86_400, hopSeconds: 3600, sensitive: false } as const;
const windowed: FeatureViewVersion = {
  ...exampleView,
  features: [],
  aggregations: [
    { ...aggregation, name: 'trips', function: 'count' },
    {
      ...aggregation,
      name: 'rated',
      function: 'sum',
      type: 'number',
      column: 'rating',
      columnType: 'number',
    },
  ],
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-wanted-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The changes from nothing to all that is wanted, by entity. */
const wantedOf = (view: FeatureViewVersion) =>
  withDuckDb({ folder, functionMemoryMb: 256 }, async (database) => {
    const files = [{ path: await parquet(database), format: 'parquet' as const }];
    await findWanted(database, { view, files, asOf, folder });
    const { parts } = await writeChanges(database, { folder, full: false });
    expect(parts).toBe(1);
    const changes = parsePart(view, readFileSync(path.join(folder, partName(0)), 'utf8'));
    return {
      changes: new Map(changes.map((change) => [change.key[0], change])),
      next: await nextVisible(database, { view, files, asOf }),
    };
  });

async function parquet(database: DuckDb): Promise<string> {
  const lines = rows.map(([driver_id, at, known, rating, seen]) =>
    JSON.stringify({ driver_id, at, known, rating, seen }),
  );
  writeFileSync(path.join(folder, 'rows.jsonl'), `${lines.join('\n')}\n`);
  const file = path.join(folder, 'rows.parquet');
  await database.run(
    `COPY (SELECT driver_id, "at"::TIMESTAMPTZ AS "at", known::TIMESTAMPTZ AS _available_at, rating::DOUBLE AS rating, seen::TIMESTAMPTZ AS seen
       FROM read_json('${folder}/rows.jsonl', columns = {driver_id: 'VARCHAR', 'at': 'VARCHAR', known: 'VARCHAR', rating: 'DOUBLE', seen: 'VARCHAR'}))
     TO '${file}' (FORMAT parquet)`,
  );
  return file;
}

describe('what should be online', () => {
  it('is the newest visible row of each entity, with its nulls and its microseconds', async () => {
    const { changes, next } = await wantedOf(latest);
    expect([...changes.keys()].sort()).toEqual(['d1', 'd2']);
    expect(changes.get('d1')!.values).toEqual({ rating: null, seen: '2026-01-01T09:00:00.000Z' });
    expect(changes.get('d2')!.values).toEqual({ rating: 2.5, seen: null });
    expect(orderOf(changes.get('d2')!.rank!)).toEqual({
      eventAt: microsecondsOf('2026-01-01T10:00:00Z', ''),
      availableAt: microsecondsOf('2026-01-01T11:00:00Z', ''),
      tie: '000000000002',
    });
    expect(next).toBe('2026-01-02T06:00:00.000Z');
  });

  it('is the state of the windows of each entity', async () => {
    const { changes } = await wantedOf(windowed);
    expect([...changes.keys()].sort()).toEqual(['d1', 'd2']);
    const valuesOf = (driver: string, at: string) =>
      valuesAt(changes.get(driver)!.state as WindowState, windowed.aggregations, microsecondsOf(at, ''));
    expect(valuesOf('d1', asOf)).toMatchObject({ status: 'PRESENT', values: { trips: 2, rated: 1.5 } });
    expect(valuesOf('d1', '2026-01-02T11:30:00Z').values).toEqual({ trips: 1, rated: null });
    expect(valuesOf('d2', asOf).values).toEqual({ trips: 1, rated: 2.5 });
  });
});
