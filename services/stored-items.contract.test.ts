import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type GoldenItems,
  type ItemKinds,
  kindOf,
  type Stored,
  upcast,
  versionedTable,
} from '#shared/aws/item-versions.ts';
import type { Item } from '#shared/aws/table.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';

type Golden = Readonly<Record<string, readonly Item[]>>;

const services = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const fileOf = (service: string, name: string) => path.join(import.meta.dirname, service, 'store', name);
const withItems = services.filter((service) => existsSync(fileOf(service, 'items.ts')));

/** What stands against the golden items of a service: each names the kind, and the cure. */
function problems(kinds: ItemKinds, golden: Golden): string[] {
  return Object.entries(kinds).flatMap(([name, { schemaVersion }]) => {
    const items = golden[name] ?? [];
    if (items.length !== schemaVersion)
      return [
        `${name} is at version ${schemaVersion} and has ${items.length} golden items: keep the old ones and add one of each new version.`,
      ];
    return items.flatMap((item, index) => [
      ...(item['schemaVersion'] === index + 1
        ? []
        : [`Golden item ${index + 1} of ${name} has version ${String(item['schemaVersion'])}.`]),
      ...readingProblems(kinds, name, item, items.at(-1) ?? item),
    ]);
  });
}

/** An older item must be readable, and have then what an item of today has. */
function readingProblems(kinds: ItemKinds, name: string, item: Item, current: Item): string[] {
  try {
    if (kindOf(kinds, item)[0] !== name) return [`The key of a golden item of ${name} is another kind's.`];
    const read = upcast(kinds, item);
    return [...memberPaths(current)]
      .filter((member) => !memberPaths(read).has(member))
      .map((member) => `${name} of version ${String(item['schemaVersion'])} is read without ${member}.`);
  } catch (error) {
    return [`${name}: ${(error as Error).message}`];
  }
}

function memberPaths(value: unknown, place = '', found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array)
    return found;
  for (const [name, inner] of Object.entries(value)) {
    found.add(`${place}${name}`);
    memberPaths(inner, `${place}${name}.`, found);
  }
  return found;
}

describe('every service with a table', () => {
  it('declares the kinds of its items', () => {
    const storing = services.filter((service) => {
      const store = path.join(import.meta.dirname, service, 'store');
      return (
        existsSync(store) &&
        readdirSync(store).some((file) =>
          /[ (]table\.(commit|put)\(/.test(readFileSync(path.join(store, file), 'utf8')),
        )
      );
    });
    expect(storing.length).toBeGreaterThan(12);
    expect(storing.filter((service) => !withItems.includes(service))).toEqual([]);
  });

  it.each(withItems)('reads what older releases of %s stored', async (service) => {
    const { itemKinds } = (await import(fileOf(service, 'items.ts'))) as { itemKinds: ItemKinds };
    const { goldenItems } = (await import(fileOf(service, 'golden-items.ts'))) as { goldenItems: Golden };
    expect(problems(itemKinds, goldenItems)).toEqual([]);
    const stored = createMemoryTable();
    for (const [item] of Object.values(goldenItems)) if (item) await stored.put(item);
    const table = versionedTable(stored, itemKinds);
    for (const items of Object.values(goldenItems)) {
      const current = items.at(-1)!;
      expect((await table.get(current))?.['schemaVersion']).toBe(current['schemaVersion']);
    }
  });
});

describe('the type of a stored item', () => {
  it('refuses golden items of another shape when it is compiled', () => {
    type Before = { readonly person: Stored<{ readonly held: { readonly name: string } }> };
    type More = {
      readonly person: Stored<{ readonly held: { readonly name: string; readonly born: number } }>;
    };
    type Less = { readonly person: Stored<{ readonly held: { readonly nickname?: string } }> };
    const held = { pk: 'P#1', sk: 'P', schemaVersion: 1 } as const;
    const before: GoldenItems<Before> = { person: [{ ...held, held: { name: 'Ada' } }] };
    // @ts-expect-error born is missing
    const more: GoldenItems<More> = { person: [{ ...held, held: { name: 'Ada' } }] };
    // @ts-expect-error name is too much
    const less: GoldenItems<Less> = { person: [{ ...held, held: { name: 'Ada' } }] };
    expect([more, less]).toEqual([before, before]);
  });
});

describe('golden items', () => {
  const item = (schemaVersion: number, attributes: object): Item => ({
    pk: 'P#1',
    sk: 'P',
    schemaVersion,
    ...attributes,
  });
  const kinds = (schemaVersion: number, upcasts: ItemKinds[string]['upcasts'] = {}): ItemKinds => ({
    person: { key: /^P#/, schemaVersion, upcasts },
  });
  const first = item(1, { held: { name: 'Ada' } });
  const second = item(2, { held: { name: 'Ada', born: 1815 } });
  const addBorn = { 1: (old: Item) => ({ ...old, held: { ...(old['held'] as object), born: 0 } }) };

  it('are complete where each version has one and the old are read as the new', () => {
    expect(problems(kinds(2, addBorn), { person: [first, second] })).toEqual([]);
  });

  it.each<[string, ItemKinds, Golden, RegExp]>([
    ['a kind without one', kinds(1), {}, /person is at version 1 and has 0 golden items/],
    ['a new version without one', kinds(2, addBorn), { person: [first] }, /at version 2 and has 1 golden/],
    [
      'a new version that took the old one away',
      kinds(2, addBorn),
      { person: [second] },
      /keep the old ones/,
    ],
    [
      'a version that was not counted up',
      kinds(1),
      { person: [second] },
      /Golden item 1 of person has version 2/,
    ],
    [
      'a version without an upcast',
      kinds(2),
      { person: [first, second] },
      /person: .*schema version 1; this release reads up to 2/,
    ],
    [
      'an upcast that leaves something out',
      kinds(2, { 1: (old) => old }),
      { person: [first, second] },
      /person of version 1 is read without held.born/,
    ],
  ])('find %s', (_what, changed, golden, message) => {
    expect(problems(changed, golden).join('\n')).toMatch(message);
  });
});
