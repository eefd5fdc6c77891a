import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '#shared/kernel/hash.ts';
import type { ManifestObject } from '../contract.ts';
import type { Version } from '../ports/versions.ts';
import { relationOfTexts } from '../store/object-reader.ts';
import { createDiffEngine } from './compare-versions.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-compare-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const downloads: string[] = [];
const engine = createDiffEngine({
  functionMemoryMb: 512,
  reader: {
    download: (object, path) => {
      downloads.push(object.path);
      return copyFile(join(folder, object.sha256), path);
    },
    relation: relationOfTexts,
  },
});

/** An object with this content; the later it is in a test, the later its rows became available. */
async function object(content: string, minute = 0): Promise<ManifestObject> {
  const sha256 = sha256Hex(content);
  await writeFile(join(folder, sha256), content);
  return {
    uri: `s3://data/${sha256}`,
    sha256,
    bytes: content.length,
    rows: content.trim().split('\n').length - 1,
    availableAt: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
    reading: { format: 'csv', encoding: 'utf-8', delimiter: ',', quote: '"' },
    path: `${minute}.csv`,
  };
}

const versionOf = (datasetVersion: number, objects: readonly ManifestObject[], columns: string[]): Version =>
  ({
    project: 'p',
    datasetVersion,
    columns: columns.map((name) => ({ name, type: 'string' })),
    rows: objects.length,
  }) as unknown as Version;

const compare = (
  from: readonly ManifestObject[],
  to: readonly ManifestObject[],
  options: {
    fromColumns?: string[];
    toColumns?: string[];
    primaryKey?: string | undefined;
    sensitiveColumns?: string[];
    missingValues?: string[];
  } = {},
) => {
  const { fromColumns = ['id', 'x'], toColumns = fromColumns } = options;
  return engine.compare(
    {
      project: 'p',
      from: versionOf(1, from, fromColumns),
      to: versionOf(2, to, toColumns),
      primaryKey: 'primaryKey' in options ? options.primaryKey : 'id',
      missingValues: options.missingValues ?? [],
      sensitiveColumns: options.sensitiveColumns ?? [],
    },
    { from, to },
  );
};

describe('two versions', () => {
  it('differ by the rows that were added, removed and changed', async () => {
    const before = await object('id,x\na,1\nb,2\nc,3\n');
    const after = await object('id,x\nb,2\nc,4\nd,5\n', 1);
    expect(await compare([before], [after])).toEqual({
      from: 1,
      to: 2,
      comparedBy: 'primaryKey',
      primaryKey: 'id',
      rowsAdded: 1,
      rowsRemoved: 1,
      rowsChanged: 1,
      rowsUnchanged: 1,
      columnsAdded: [],
      columnsRemoved: [],
      columnsRetyped: [],
      changedValues: { x: 1 },
      examples: [
        { change: 'added', key: 'd', values: { id: { from: null, to: 'd' }, x: { from: null, to: '5' } } },
        { change: 'removed', key: 'a', values: { id: { from: 'a', to: null }, x: { from: '1', to: null } } },
        { change: 'changed', key: 'c', values: { x: { from: '3', to: '4' } } },
      ],
    });
  });

  it('count the newest row of a key: by time, then place, then row', async () => {
    const old = await object('id,x\na,1\nb,1\n', 0);
    const appended = await object('id,x\na,2\na,3\n', 5);
    const late = await object('id,x\na,9\n', 3);
    const diff = await compare([old], [old, appended, late]);
    expect(diff).toMatchObject({ rowsAdded: 0, rowsChanged: 1, rowsUnchanged: 1 });
    expect(diff.examples[0]).toMatchObject({ key: 'a', values: { x: { from: '1', to: '3' } } });
  });

  it('have nothing in common to count where an appended row only repeats the one before', async () => {
    const old = await object('id,x\na,1\nb,1\n', 0);
    const same = await object('id,x\na,1\n', 5);
    expect(await compare([old], [old, same])).toMatchObject({ rowsChanged: 0, rowsUnchanged: 2 });
  });

  it('take missing for missing: empty, absent column, declared texts', async () => {
    const before = await object('id,x,y\na,NA,1\nb,,2\n', 0);
    const after = await object('id,x\na,\nb,-\n', 1);
    const diff = await compare([before], [after], {
      fromColumns: ['id', 'x', 'y'],
      toColumns: ['id', 'x'],
      missingValues: ['NA', '-'],
    });
    expect(diff).toMatchObject({
      rowsChanged: 2,
      changedValues: { y: 2 },
      columnsRemoved: [{ name: 'y', type: 'string' }],
    });
  });

  it('show no value of a sensitive column', async () => {
    const before = await object('id,x\nann@example.org,1\n', 0);
    const after = await object('id,x\nbob@example.org,2\n', 1);
    const diff = await compare([before], [after], { sensitiveColumns: ['id', 'x'] });
    expect(diff.examples).toMatchObject([
      { key: '•••', values: { x: { from: null, to: '•••' } } },
      { key: '•••', values: { x: { from: '•••', to: null } } },
    ]);
  });

  it('are compared as whole rows with their multiplicity where there is no key, and shared objects are not read', async () => {
    const shared = await object('id,x\na,1\na,1\n', 0);
    const added = await object('id,x\na,1\nb,2\nb,2\n', 1);
    downloads.length = 0;
    expect(await compare([shared], [shared, added], { primaryKey: undefined })).toMatchObject({
      comparedBy: 'wholeRows',
      rowsAdded: 3,
      rowsRemoved: 0,
      rowsUnchanged: 2,
    });
    expect(downloads).toEqual(['1.csv']);
  });

  it('count rows without a key by their content', async () => {
    const before = await object('id,x\n,1\na,1\n', 0);
    const after = await object('id,x\n,1\n,2\na,1\n', 1);
    expect(await compare([before], [after])).toMatchObject({
      rowsAdded: 1,
      rowsRemoved: 0,
      rowsUnchanged: 2,
    });
  });

  it('with columns and values like SQL are compared all the same', async () => {
    const before = await object(`id,"x'; DROP TABLE compared; --"\na,'\nb,"\nc"\n`, 0);
    const after = await object(`id,"x'; DROP TABLE compared; --"\na,''\nb,"\nc"\n`, 1);
    const fromColumns = ['id', "x'; DROP TABLE compared; --"];
    expect(await compare([before], [after], { fromColumns })).toMatchObject({ rowsChanged: 1 });
  });

  it('give the same counts as comparing all rows one by one would, whatever is shared', async () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', '');
    const rows = fc.array(fc.tuple(key, fc.constantFrom('1', '2', '')), { minLength: 1, maxLength: 6 });
    const files = fc.array(rows, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(files, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), async (all, isIn) => {
        const objects = await Promise.all(
          all.map((file, index) => object(`id,x\n${file.map((row) => row.join(',')).join('\n')}\n`, index)),
        );
        const side = (offset: number) => objects.filter((_object, index) => isIn[offset + index]);
        const newest = (offset: number) => {
          const state = new Map<string, string>();
          all.forEach((file, index) => {
            if (isIn[offset + index])
              for (const [id, x] of file) state.set(id === '' ? `row ${x}` : `key ${id}`, x);
          });
          return state;
        };
        const [before, after] = [newest(0), newest(4)];
        const diff = await compare(side(0), side(4));
        const both = [...after.keys()].filter((id) => before.has(id));
        expect([diff.rowsAdded, diff.rowsRemoved, diff.rowsChanged, diff.rowsUnchanged]).toEqual([
          after.size - both.length,
          before.size - both.length,
          both.filter((id) => before.get(id) !== after.get(id)).length,
          both.filter((id) => before.get(id) === after.get(id)).length,
        ]);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
