/** Runs tasks one after the other, in the order of `run`; a failed task does not stop the next. */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();

  run<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#tail.then(task);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** Resolves when all tasks that were given so far have ended. */
  async idle(): Promise<void> {
    await this.#tail;
  }
}
