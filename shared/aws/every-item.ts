import type { Item, QueryOptions, Table } from './table.ts';

/** All items that a query answers, page by page. */
export async function* everyItem<T extends Item>(table: Table, query: QueryOptions): AsyncGenerator<T> {
  let pageToken: string | undefined;
  do {
    const page = await table.query<T>({ ...query, ...(pageToken === undefined ? {} : { pageToken }) });
    yield* page.items;
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}
