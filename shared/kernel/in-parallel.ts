/** Does something with each of a list, at most so many at once; the results in the list's order. Stops beginning more at the first failure. */
export async function inParallel<T, R>(
  all: readonly T[],
  atOnce: number,
  run: (each: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(all.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < all.length) {
      const index = next++;
      try {
        results[index] = await run(all[index]!);
      } catch (error) {
        next = all.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, worker));
  return results;
}
