import { AppError } from '#shared/kernel/errors.ts';
import type { Item, Key, Table } from './table.ts';

/** One kind of item in a service's table. */
export interface ItemKind {
  /** What `<pk> / <sk>` of its items looks like. */
  readonly key: RegExp;
  /** The version that this release writes. It counts up with a change that code of the release before cannot read. */
  readonly schemaVersion: number;
  /** From version n to n + 1, for each n that was ever released; pure. */
  readonly upcasts?: Readonly<Record<number, (item: Item) => Item>>;
}

/** All kinds of a service, by name: services/<service>/store/items.ts. */
export type ItemKinds = Readonly<Record<string, ItemKind>>;

/** An item with these attributes, as a version of its kind. */
export type Stored<Attributes, Version extends number = 1> = Item & {
  readonly schemaVersion: Version;
} & Attributes;

/**
 * The table, with items of older releases read as if this one had written them. Whatever is put must be of a known kind and its
 * current version. Reading throws ItemTooNew (precondition_failed) for what a newer release wrote.
 */
export function versionedTable(table: Table, kinds: ItemKinds): Table {
  const read = <T extends Item>(item: T): T => upcast(kinds, item) as T;
  return {
    async get<T extends Item>(key: Key, options?: { consistent?: boolean }) {
      const item = await table.get<T>(key, options);
      return item && read(item);
    },
    async query<T extends Item>(options: Parameters<Table['query']>[0]) {
      const page = await table.query<T>(options);
      return { ...page, items: page.items.map(read) };
    },
    async commit(commit) {
      for (const write of commit.writes) if ('put' in write) assertCurrent(kinds, write.put);
      await table.commit(commit);
    },
    async put(item, options) {
      assertCurrent(kinds, item);
      await table.put(item, options);
    },
    async getAll<T extends Item>(keys: readonly Key[]) {
      return (await table.getAll<T>(keys)).map(read);
    },
    delete: (key, options) => table.delete(key, options),
    deleteAll: (keys) => table.deleteAll(keys),
  };
}

/** The item in its kind's current version. Throws ItemTooNew. */
export function upcast(kinds: ItemKinds, stored: Item): Item {
  const [name, kind] = kindOf(kinds, stored);
  let item = stored;
  for (let version = versionOf(stored); version !== kind.schemaVersion; version++) {
    const step = kind.upcasts?.[version];
    if (version > kind.schemaVersion || !step) {
      throw new AppError(
        'precondition_failed',
        'ItemTooNew',
        `An item of kind '${name}' has schema version ${version}; this release reads up to ${kind.schemaVersion}. A newer release wrote it: deploy that one again.`,
        { pk: stored.pk, sk: stored.sk },
      );
    }
    item = { ...step(item), schemaVersion: version + 1 };
  }
  return item;
}

function assertCurrent(kinds: ItemKinds, item: Item): void {
  const [name, kind] = kindOf(kinds, item);
  if (item['schemaVersion'] !== kind.schemaVersion) {
    throw new Error(
      `An item of kind '${name}' is put with schemaVersion ${String(item['schemaVersion'])}, and the kind is at ${kind.schemaVersion}: write the current one.`,
    );
  }
}

/** Exactly one kind has this key: more would leave open which version counts. */
export function kindOf(kinds: ItemKinds, { pk, sk }: Key): readonly [name: string, kind: ItemKind] {
  const [found, ...others] = Object.entries(kinds).filter(([, kind]) => kind.key.test(`${pk} / ${sk}`));
  if (!found || others.length > 0) {
    throw new Error(
      `'${pk} / ${sk}' is the key of ${found ? 'several kinds' : 'no kind'} of item (${Object.keys(kinds).join(', ')}): declare it once in store/items.ts.`,
    );
  }
  return found;
}

const versionOf = (item: Item): number => Number(item['schemaVersion'] ?? 1);

/**
 * An item of each kind and version, as a release stored it, oldest first; the last is of the current shape, which the compiler
 * checks: services/<service>/store/golden-items.ts.
 */
export type GoldenItems<Items> = {
  readonly [Kind in keyof Items]: readonly [...older: Item[], current: Items[Kind]];
};
