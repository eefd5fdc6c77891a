/** Runs tasks in the order of their coming, at most so many at a time. */
export class JobQueue {
  readonly #limit: number;
  readonly #waiting: (() => Promise<void>)[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @param task must not reject. */
  add(task: () => Promise<void>): void {
    this.#waiting.push(task);
    this.#startNext();
  }

  #startNext(): void {
    if (this.#running >= this.#limit) return;
    const task = this.#waiting.shift();
    if (task === undefined) return;
    this.#running++;
    void task().finally(() => {
      this.#running--;
      this.#startNext();
    });
  }
}
