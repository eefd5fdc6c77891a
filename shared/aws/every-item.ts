import type { Page } from '#shared/kernel/paging.ts';
import type { Item, QueryOptions, Table } from './table.ts';

const pageSize = 50;

/** All items that a query finds, page by page as they are asked for. */
export async function* everyItem<T extends Item>(table: Table, options: QueryOptions): AsyncIterable<T> {
  let pageToken: string | undefined;
  do {
    const page: Page<T> = await table.query<T>({
      limit: pageSize,
      ...options,
      ...(pageToken === undefined ? {} : { pageToken }),
    });
    yield* page.items;
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}
