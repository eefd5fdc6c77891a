/** Flows that run beside each other: when one fails, the rest are told to stop. */
export class Siblings {
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;

  constructor(parent: AbortSignal) {
    this.#signal = AbortSignal.any([parent, this.#stop.signal]);
  }

  /** Runs `work` for 0 to count-1, at most `concurrency` at once; the results in the order of the indexes. */
  async runAll<T>(
    count: number,
    concurrency: number,
    work: (index: number, signal: AbortSignal) => Promise<T>,
  ): Promise<T[]> {
    const results: T[] = [];
    let next = 0;
    const worker = async () => {
      while (next < count) {
        this.#signal.throwIfAborted();
        const index = next;
        next += 1;
        results[index] = await work(index, this.#signal);
      }
    };
    const workers = Array.from({ length: Math.min(count, concurrency) }, worker);
    try {
      await Promise.all(workers);
      return results;
    } catch (error) {
      this.#stop.abort(new Error('a sibling failed'));
      await Promise.allSettled(workers);
      throw error;
    }
  }
}
