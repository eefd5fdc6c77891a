import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DuckDb, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import type { ChooseRows } from '../ports.ts';
import { chooseRows, describeChosen, trainingSetParts, writePart } from './choose-rows.ts';

type Choice = Pick<ChooseRows, 'columns' | 'task' | 'split' | 'asOf'>;

const choice: Choice = {
  columns: {
    primaryKey: 'id',
    target: { name: 'y', type: 'integer' },
    features: [
      { name: 'x', type: 'number' },
      { name: 'flag', type: 'boolean' },
      { name: 'n', type: 'integer' },
    ],
  },
  task: 'binary_classification',
  split: { seed: 17, train: 0.7, validation: 0.15, test: 0.15 },
  asOf: '2026-01-02T00:00:00.000Z',
};

function choose<Result>(
  rows: string,
  changed: Partial<Choice>,
  run: (database: DuckDb, folder: string, choice: Choice) => Promise<Result>,
) {
  return withScratchFolder((folder) =>
    withDuckDb({ folder, functionMemoryMb: 512 }, async (database) => {
      const path = join(folder, 'validated.parquet');
      await database.run(`COPY (${rows}) TO '${path}' (FORMAT parquet)`);
      const changedChoice = { ...choice, ...changed };
      await chooseRows(database, path, changedChoice);
      return run(database, folder, changedChoice);
    }),
  );
}

const many = (count: number) =>
  `SELECT 'r' || range AS id, sin(range) AS x, range % 3 = 0 AS flag, CASE WHEN range % 7 > 0 THEN range END AS n, (range % 2)::BIGINT AS y, TIMESTAMPTZ '2026-01-01' AS _available_at FROM range(${count})`;
const chosen = (database: DuckDb) =>
  database.rows<{ key: string; label: string | number; f0: number; part: string }>(
    'SELECT key, label, f0, part FROM chosen ORDER BY key',
  );
const values = (...rows: string[]) =>
  `SELECT id, x::DOUBLE AS x, true AS flag, 1::BIGINT AS n, y::BIGINT AS y, seen::TIMESTAMPTZ AS _available_at, happened::TIMESTAMPTZ AS happened FROM (VALUES ${rows.join(', ')}) given(id, x, y, seen, happened)`;

const partsOf = (rows: string, changed: Partial<Choice> = {}, classes: readonly string[] = ['0', '1']) =>
  choose(rows, changed, async (database, folder, made) => {
    const parts: Record<string, string> = {};
    for (const part of trainingSetParts) {
      const path = join(folder, part);
      await writePart(database, part, made, classes, path);
      parts[part] = await readFile(path, 'utf8');
    }
    return { parts, ...(await describeChosen(database, made)), keys: await chosen(database) };
  });

describe('choosing rows', () => {
  it('takes the newest row of a key that was known at asOf', async () => {
    const rows = values(
      `('a', 1, 0, '2026-01-01', NULL)`,
      `('a', 2, 1, '2026-01-02', NULL)`,
      `('a', 3, 1, '2026-01-03', NULL)`,
      `('b', 9, 1, '2026-01-03', NULL)`,
    );
    expect(await choose(rows, {}, chosen)).toMatchObject([{ key: 'a', label: '1', f0: 2 }]);
  });

  it('takes the later row of two that came at one instant', async () => {
    const rows = values(`('a', 1, 0, '2026-01-01', NULL)`, `('a', 2, 1, '2026-01-01', NULL)`);
    expect(await choose(rows, {}, chosen)).toMatchObject([{ f0: 2 }]);
  });

  it('takes no row of an event after asOf, and none whose time is unknown', async () => {
    const rows = values(
      `('a', 1, 0, '2026-01-01', '2026-01-01')`,
      `('a', 2, 1, '2026-01-01', '2026-02-01')`,
      `('b', 1, 1, '2026-01-01', NULL)`,
    );
    const columns = { ...choice.columns, eventTime: 'happened' };
    expect(await choose(rows, { columns }, chosen)).toMatchObject([{ key: 'a', f0: 1 }]);
  });

  it('takes no older row instead of a newest one without a target', async () => {
    const rows = values(
      `('a', 1, 0, '2026-01-01', NULL)`,
      `('a', 2, NULL, '2026-01-02', NULL)`,
      `('b', 1, 1, '2026-01-01', NULL)`,
    );
    expect(await choose(rows, {}, chosen)).toMatchObject([{ key: 'b' }]);
  });

  it('splits by the shares, and a row stays in its part when others come', async () => {
    const [few, more] = [await partsOf(many(2000)), await partsOf(many(4000))];
    expect(few.rows.train / 2000).toBeCloseTo(0.7, 1);
    expect(few.rows.validation / 2000).toBeCloseTo(0.15, 1);
    const partOf = new Map(more.keys.map(({ key, part }) => [key, part]));
    expect(few.keys.every(({ key, part }) => partOf.get(key) === part)).toBe(true);
  });

  it('splits otherwise by another seed', async () => {
    const other = await partsOf(many(500), { split: { ...choice.split, seed: 18 } });
    expect(other.parts['train']).not.toBe((await partsOf(many(500))).parts['train']);
  });

  it('gives the same bytes of the same rows, in whatever order they lie', async () => {
    const [once, again] = [await partsOf(many(3000)), await partsOf(`${many(3000)} ORDER BY hash(range)`)];
    expect(again.parts).toEqual(once.parts);
  });
});

describe('writing parts', () => {
  it('puts the label first, booleans as 1 and 0, and nothing for a missing value', async () => {
    const { parts } = await partsOf(many(100), {
      split: { seed: 1, train: 0.9, validation: 0.05, test: 0.05 },
    });
    const lines = parts['train']!.trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(/^[01],-?[0-9.e-]+,[01],[0-9]*$/);
    expect(parts['trainFeatures']).toBe(lines.map((line) => `${line.slice(2)}\n`).join(''));
  });

  it('writes test labels with keys in the order of the test features', async () => {
    const { parts, rows } = await partsOf(many(300));
    const labels = parts['testLabels']!.trimEnd().split('\n');
    const features = parts['testFeatures']!.trimEnd().split('\n');
    expect([labels.length, features.length]).toEqual([rows.test, rows.test]);
    for (const [index, line] of labels.entries()) {
      const [label, key] = line.split(',');
      const number = Number(key!.slice(1));
      expect(label).toBe(String(number % 2));
      expect(Number(features[index]!.split(',')[0])).toBeCloseTo(Math.sin(number), 12);
    }
  });

  it.each([
    ['text', 'string', `CASE WHEN flag THEN 'it''s' ELSE 'b' END`, ['b', "it's"]],
    ['booleans', 'boolean', 'flag', ['false', 'true']],
    ['whole numbers', 'number', 'y::DOUBLE', ['0', '1']],
  ] as const)('numbers classes that are %s', async (_what, type, sql, classes) => {
    const columns = { ...choice.columns, target: { name: 'y', type } };
    const rows = `SELECT * REPLACE (${sql} AS y) FROM (${many(200)})`;
    const { labels, parts } = await partsOf(rows, { columns }, classes);
    expect(labels.all).toEqual(classes);
    expect(
      new Set(
        parts['train']!.trimEnd()
          .split('\n')
          .map((line) => line[0]),
      ),
    ).toEqual(new Set(['0', '1']));
  });

  it('writes the target as it is for regression', async () => {
    const { parts, labels } = await partsOf(
      values(...Array.from({ length: 50 }, (_, i) => `('k${i}', ${i}, ${i * 10}, '2026-01-01', NULL)`)),
      { task: 'regression' },
      [],
    );
    expect(labels).toEqual({ all: [], train: [] });
    for (const line of parts['train']!.trimEnd().split('\n')) {
      const [label, x] = line.split(',').map(Number);
      expect(label).toBe(x! * 10);
    }
  });
});
