import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listPage } from './list-page.ts';
import { RecordStore } from './record-store.ts';

describe('RecordStore', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-records-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('finds after a restart what was put and not what was deleted', () => {
    const store = new RecordStore<{ n: number }>(folder);
    store.load();
    store.put('a', { n: 1 });
    store.put('b', { n: 2 });
    store.put('a', { n: 3 });
    store.delete('b');
    const restarted = new RecordStore<{ n: number }>(folder);
    restarted.load();
    expect(restarted.all()).toEqual([{ n: 3 }]);
    expect(() => restarted.require('b', 'Could not find b.')).toThrow('Could not find b.');
  });
});

describe('listPage', () => {
  const items = ['a', 'b', 'ab'].map((name, i) => ({
    name,
    creationTimeMs: (i + 1) * 1000,
    status: i === 0 ? 'Failed' : 'Completed',
  }));
  const names = (input: Parameters<typeof listPage>[1]): string[] =>
    listPage(items, input).page.map(({ name }) => name);

  it.each([
    [{}, ['ab', 'b', 'a']],
    [{ SortOrder: 'Ascending' as const }, ['a', 'b', 'ab']],
    [{ SortBy: 'Name' as const, SortOrder: 'Ascending' as const }, ['a', 'ab', 'b']],
    [{ SortBy: 'Status' as const, SortOrder: 'Descending' as const }, ['a', 'b', 'ab']],
    [{ NameContains: 'a' }, ['ab', 'a']],
    [{ StatusEquals: 'Failed' }, ['a']],
    [{ CreationTimeAfter: 1, CreationTimeBefore: 3 }, ['b']],
    [{ LastModifiedTimeAfter: 2 }, ['ab']],
  ])('%j gives %j', (input, expected) => {
    expect(names(input)).toEqual(expected);
  });

  it('goes on where the page before ended', () => {
    const first = listPage(items, { MaxResults: 2 });
    expect(first.page).toHaveLength(2);
    const second = listPage(items, { MaxResults: 2, NextToken: first.nextToken });
    expect(second.page.map(({ name }) => name)).toEqual(['a']);
    expect(second.nextToken).toBeUndefined();
    expect(() => listPage(items, { NextToken: 'bad' })).toThrow('Invalid NextToken');
  });
});
