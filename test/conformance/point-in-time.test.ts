import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { withDuckDb } from '../../shared/duckdb/duckdb.ts';
import { retrieve, viewOf, writeAsked, writeRows } from '../doubles/feature-views.ts';
import type { Asked, KnownRow } from '../doubles/point-in-time.ts';
import { checkTitle, part, theValue } from './parts/part.ts';
import { pythonEnvironment } from './parts/python.ts';

const environment = await part(() => pythonEnvironment('pandas', ['pandas==2.3.3', 'pyarrow==26.0.1']));
const script = join(import.meta.dirname, '../fixtures/features/merge_asof.py');
const folder = mkdtempSync(join(tmpdir(), 'millrace-point-in-time-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Other data in every run; the seed is in the title, so that a failure can be had again (MILLRACE_SEED). */
const seed = Number(process.env['MILLRACE_SEED'] ?? Date.now() % 1_000_000);
let state = seed;
function random(below: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

const second = 1_000_000;
const [rowCount, askedCount, ttlSeconds] = [20_000, 5000, 400];
const beginning = Date.UTC(2026, 2, 29) * 1000;
/** Seconds, so that many rows share one, and now and then the microsecond after. */
const instant = (seconds: number) => beginning + random(seconds) * second + (random(10) === 0 ? 1 : 0);
const key = () => [`d${random(30)}`, random(3)] as const;

function makeRow(place: number): KnownRow {
  const eventAt = instant(3600);
  const availableAt = random(3) === 0 ? eventAt + random(1800) * second : eventAt;
  const x = random(10) === 0 ? null : place;
  return { key: key(), eventAt, availableAt, knownAt: beginning, tie: String(place), values: { x, s: null } };
}

describe.skipIf(environment.missing)(checkTitle(`pandas, seed ${seed}`, environment), () => {
  it('answers the rows that merge_asof answers', async () => {
    const rows = Array.from({ length: rowCount }, (_none, place) => makeRow(place));
    const asked = Array.from({ length: askedCount }, (): Asked => ({ key: key(), at: instant(5400) }));
    const [askedPath, rowsPath] = [join(folder, 'asked.parquet'), join(folder, 'rows.parquet')];
    await withDuckDb({ folder, functionMemoryMb: 500, threads: 2 }, async (database) => {
      const file = await writeRows(database, rows, rowsPath);
      await writeAsked(database, asked, askedPath);
      const expected = execFileSync(theValue(environment).python, [
        script,
        askedPath,
        rowsPath,
        String(ttlSeconds),
      ])
        .toString('utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { status: string; x: number | null });
      const answers = await retrieve(database, {
        asked,
        view: viewOf('column'),
        files: [file],
        asOf: beginning + 1,
        ttlSeconds,
        rowsAtOnce: 3000,
      });
      expect(answers.map(({ status, values }) => ({ status, x: values['x'] }))).toEqual(expected);
      expect(new Set(expected.map(({ status }) => status))).toEqual(
        new Set(['PRESENT', 'EXPIRED', 'NOT_FOUND']),
      );
    });
  });
});
