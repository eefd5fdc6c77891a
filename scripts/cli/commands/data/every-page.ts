/** All items of a list that comes in pages. */
export async function everyPage<T>(
  page: (
    pageToken: string | undefined,
  ) => Promise<{ items: readonly T[]; nextPageToken?: string | undefined }>,
): Promise<T[]> {
  const items: T[] = [];
  let pageToken: string | undefined;
  do {
    const answer = await page(pageToken);
    items.push(...answer.items);
    pageToken = answer.nextPageToken;
  } while (pageToken !== undefined);
  return items;
}
