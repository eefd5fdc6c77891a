/** Lets one waiter sleep until something was raised; what was raised while nobody waited wakes the next waiter at once. */
export class WakeSignal {
  #isRaised = false;
  #wake: (() => void) | undefined;

  raise(): void {
    this.#isRaised = true;
    this.#wake?.();
  }

  /** Resolves when it was raised, or at `untilMs` (milliseconds since the epoch) where given. */
  async wait(untilMs?: number): Promise<void> {
    if (!this.#isRaised) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (untilMs !== undefined) timer = setTimeout(resolve, Math.max(0, untilMs - Date.now()));
      });
      clearTimeout(timer);
      this.#wake = undefined;
    }
    this.#isRaised = false;
  }
}
