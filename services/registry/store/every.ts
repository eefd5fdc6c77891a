import type { Item, QueryOptions, Table } from '#shared/aws/table.ts';

/** All items of a query, page by page. */
export async function everyItem<T extends Item>(
  table: Table,
  options: Omit<QueryOptions, 'pageToken' | 'limit'>,
): Promise<T[]> {
  const items: T[] = [];
  let pageToken: string | undefined;
  do {
    const page = await table.query<T>({ ...options, ...(pageToken ? { pageToken } : {}) });
    items.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken);
  return items;
}
