import { describe, expect, it } from 'vitest';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import { type ItemKinds, versionedTable } from './item-versions.ts';

/** Version 2 gave the name two parts, version 3 a number of letters. */
const kinds: ItemKinds = {
  person: {
    key: /^PERSON#.+ \/ PERSON$/,
    schemaVersion: 3,
    upcasts: {
      1: ({ name, ...item }) => {
        const [first, last] = String(name).split(' ');
        return { ...item, first, last };
      },
      2: (item) => ({ ...item, letters: `${item['first']}${item['last']}`.length }),
    },
  },
};
const key = { pk: 'PERSON#1', sk: 'PERSON' };
const current = { ...key, schemaVersion: 3, first: 'Ada', last: 'Byron', letters: 8 };

function setUp() {
  const stored = createMemoryTable();
  return { stored, table: versionedTable(stored, kinds) };
}

describe('items of older releases', () => {
  it.each([
    [1, { name: 'Ada Byron' }],
    [2, { first: 'Ada', last: 'Byron' }],
    [3, { first: 'Ada', last: 'Byron', letters: 8 }],
  ])('of version %i are read as the current one, by key and in lists', async (schemaVersion, attributes) => {
    const { stored, table } = setUp();
    await stored.put({ ...key, schemaVersion, ...attributes });
    expect(await table.get(key)).toEqual(current);
    expect((await table.query({ pk: key.pk })).items).toEqual([current]);
  });

  it('stay as they are stored until they are written again', async () => {
    const { stored, table } = setUp();
    const old = { ...key, schemaVersion: 2, first: 'Ada', last: 'Byron' };
    await stored.put(old);
    await table.get(key);
    expect(stored.items()).toEqual([old]);
  });

  it('are none where there is no item', async () => {
    expect(await setUp().table.get(key)).toBeUndefined();
  });
});

describe('items of a newer release', () => {
  it('are not misread: the error says what to deploy', async () => {
    const { stored, table } = setUp();
    await stored.put({ ...key, schemaVersion: 4 });
    await expect(table.get(key)).rejects.toMatchObject({
      code: 'ItemTooNew',
      message: expect.stringContaining("'person' has schema version 4; this release reads up to 3"),
    });
  });
});

describe('what is put', () => {
  it('is of the current version', async () => {
    const { stored, table } = setUp();
    await table.put(current);
    await table.commit({ writes: [{ put: current }] });
    expect(stored.items()).toEqual([current]);
  });

  it.each([
    ['an older version', { ...current, schemaVersion: 2 }, /put with schemaVersion 2, and the kind is at 3/],
    ['no version', { ...key, first: 'Ada' }, /put with schemaVersion undefined/],
    [
      'an unknown key',
      { ...current, pk: 'PET#1' },
      /'PET#1 \/ PERSON' is the key of no kind of item \(person\)/,
    ],
  ])('is refused with %s', async (_what, item, message) => {
    const { stored, table } = setUp();
    await expect(table.put(item)).rejects.toThrow(message);
    await expect(table.commit({ writes: [{ put: item }] })).rejects.toThrow(message);
    expect(stored.items()).toEqual([]);
  });

  it('is of one kind', async () => {
    const ambiguous = versionedTable(createMemoryTable(), {
      ...kinds,
      other: { key: /^PERSON#/, schemaVersion: 1 },
    });
    await expect(ambiguous.put(current)).rejects.toThrow(/the key of several kinds/);
  });
});
