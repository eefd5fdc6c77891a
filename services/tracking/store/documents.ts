import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Item, Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { Revision } from '../ports/revisions.ts';
import type { StoredDocument } from './run-document.ts';

const deflateFromBytes = 4096;
/** DynamoDB takes items of 400 KB; this leaves room for keys and the other attributes. */
const maxStoredBytes = 380_000;

/** Throws TooMuchStored for what is too big for one item. `what` is said in the message. */
export function packed(value: unknown, what: string): StoredDocument {
  const text = JSON.stringify(value);
  const stored = text.length < deflateFromBytes ? text : deflateRawSync(text, { level: 1 });
  if (stored.length <= maxStoredBytes) return stored;
  throw new AppError(
    'invalid_input',
    'TooMuchStored',
    `${what} would take ${stored.length} bytes; ${maxStoredBytes} are allowed. Log long texts as artifacts, and name them here.`,
  );
}

export const documentText = (stored: StoredDocument): string =>
  typeof stored === 'string' ? stored : inflateRawSync(stored).toString('utf8');

/**
 * Puts an item unless somebody changed it since it was read (a revision of 0: unless it is there). Says whether it was put.
 */
export async function putRevision(
  table: Table,
  item: Item & { readonly revision: number },
  before: Revision<unknown>['revision'],
): Promise<boolean> {
  try {
    await table.put(item, {
      when: before === 0 ? { absent: true } : { equals: { revision: before } },
      otherwise: new AppError('conflict', 'RevisionChanged', 'Somebody changed the item.'),
    });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'RevisionChanged') return false;
    throw error;
  }
}

/** All items of some partitions of the index, in any order. */
export async function indexed<T extends Item>(table: Table, partitions: readonly string[]): Promise<T[]> {
  const found = await Promise.all(
    partitions.map(async (pk) => {
      const items: T[] = [];
      let pageToken: string | undefined;
      do {
        const page = await table.query<T>({ pk, index: 'gsi1', ...(pageToken ? { pageToken } : {}) });
        items.push(...page.items);
        pageToken = page.nextPageToken;
      } while (pageToken);
      return items;
    }),
  );
  return found.flat();
}
