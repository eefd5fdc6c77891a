/** Runs `work` for all, at most `size` at the same time, and answers in their order. Stops at the first failure. */
export async function inWindows<Item, Result>(
  items: readonly Item[],
  size: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += size) {
    results.push(...(await Promise.all(items.slice(start, start + size).map(work))));
  }
  return results;
}

/** A stream in arrays of at most `size`. */
export async function* windowsOf<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  let window: Item[] = [];
  for await (const item of items) {
    window.push(item);
    if (window.length < size) continue;
    yield window;
    window = [];
  }
  if (window.length > 0) yield window;
}
