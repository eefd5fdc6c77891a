import { inboxItem, outboxItem } from '#shared/aws/outbox.ts';
import { startKeyOf } from '#shared/aws/start-key.ts';
import {
  AlreadyConsumed,
  type Condition,
  type Item,
  type Key,
  type QueryOptions,
  type Table,
  type Write,
} from '#shared/aws/table.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { encodePageToken } from '#shared/kernel/paging.ts';

const pageKey = ({ pk, sk, gsi1pk, gsi1sk }: Item, { index }: QueryOptions) =>
  index ? { pk, sk, gsi1pk, gsi1sk } : { pk, sk };

/** A service table in memory, with the conditions and the atomicity of the real one; `published` collects what the outbox got. */
export interface MemoryTable extends Table {
  readonly published: DomainEvent[];
  items(): readonly Item[];
}

const idOf = ({ pk, sk }: Key): string => JSON.stringify([pk, sk]);
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function holds(item: Item | undefined, condition: Condition): boolean {
  if ('absent' in condition) return item === undefined;
  if ('present' in condition) return item !== undefined;
  if ('absentOrAtMost' in condition)
    return Object.entries(condition.absentOrAtMost).every(
      ([name, most]) => item?.[name] === undefined || (item[name] as typeof most) <= most,
    );
  const lenient = 'absentOrEquals' in condition;
  return Object.entries(lenient ? condition.absentOrEquals : condition.equals).every(
    ([name, value]) => (lenient && item?.[name] === undefined) || same(item?.[name], value),
  );
}

const isInRange = (sk: string, { skPrefix = '', skBetween }: QueryOptions): boolean =>
  skBetween ? sk >= skBetween[0] && sk <= skBetween[1] : sk.startsWith(skPrefix);

const keyOf = (write: Write): Key =>
  'put' in write
    ? write.put
    : 'update' in write
      ? write.update
      : 'delete' in write
        ? write.delete
        : write.check;

export function createMemoryTable(): MemoryTable {
  const stored = new Map<string, Item>();
  const published: DomainEvent[] = [];
  const apply = (write: Write): void => {
    const id = idOf(keyOf(write));
    if ('put' in write) stored.set(id, structuredClone(write.put));
    if ('delete' in write) stored.delete(id);
    if ('update' in write) {
      const changed = { ...(stored.get(id) ?? write.update), ...write.set } as Item;
      stored.set(
        id,
        Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined)) as Item,
      );
    }
  };
  return {
    published,
    items: () => [...stored.values()],
    async get<T extends Item>(key: Key) {
      return structuredClone(stored.get(idOf(key))) as T | undefined;
    },
    async query<T extends Item>(options: Parameters<Table['query']>[0]) {
      const [pkName, skName] = options.index ? ['gsi1pk', 'gsi1sk'] : ['pk', 'sk'];
      const found = [...stored.values()]
        .filter((item) => item[pkName] === options.pk && isInRange(String(item[skName]), options))
        .sort((a, b) => (String(a[skName]) < String(b[skName]) ? -1 : 1));
      if (options.newestFirst) found.reverse();
      const { pageToken } = options;
      const after = pageToken === undefined ? undefined : startKeyOf({ ...options, pageToken })[skName];
      const isBehind = (sk: string) => after === undefined || (options.newestFirst ? sk < after : sk > after);
      const rest = found.filter((item) => isBehind(String(item[skName])));
      const page = rest.slice(0, options.limit);
      const last = page.at(-1);
      return {
        items: structuredClone(page) as T[],
        ...(last && page.length < rest.length
          ? { nextPageToken: encodePageToken(pageKey(last, options)) }
          : {}),
      };
    },
    async commit({ writes, events = [], consumed }) {
      const inbox = consumed ? inboxItem(consumed) : undefined;
      if (consumed && inbox && stored.has(idOf(inbox)))
        throw new AlreadyConsumed(consumed.consumer, consumed.eventId);
      const failed = writes.find((write) => write.when && !holds(stored.get(idOf(keyOf(write))), write.when));
      if (failed)
        throw (
          failed.otherwise ??
          new AppError('conflict', 'ConditionFailed', 'The item changed since it was read.')
        );
      for (const write of writes) apply(write);
      if (inbox) stored.set(idOf(inbox), inbox);
      for (const event of events) {
        const item = outboxItem(event);
        if (!stored.has(idOf(item))) published.push(event);
        stored.set(idOf(item), item);
      }
    },
    async put(item, { when, otherwise } = {}) {
      if (when && !holds(stored.get(idOf(item)), when))
        throw otherwise ?? new AppError('conflict', 'ConditionFailed', 'The item changed since it was read.');
      stored.set(idOf(item), structuredClone(item));
    },
    async delete(key, { when, otherwise } = {}) {
      if (when && !holds(stored.get(idOf(key)), when))
        throw otherwise ?? new AppError('conflict', 'ConditionFailed', 'The item changed since it was read.');
      return stored.delete(idOf(key));
    },
    async getAll<T extends Item>(keys: readonly Key[]) {
      return keys.flatMap((key) => {
        const item = stored.get(idOf(key));
        return item ? [structuredClone(item) as T] : [];
      });
    },
    async deleteAll(keys) {
      for (const key of keys) stored.delete(idOf(key));
    },
  };
}
