/** setTimeout fires at once for longer delays than this, 24.8 days. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Calls back once when the clock has reached a time; at the next turn when it has passed.
 * @param now clock in milliseconds since the epoch
 * @returns cancels the call
 */
export function callAt(timeMs: number, now: () => number, callback: () => void): () => void {
  let timer: NodeJS.Timeout;
  const arm = () => {
    const delayMs = timeMs - now();
    timer = setTimeout(
      delayMs > MAX_TIMEOUT_MS ? arm : callback,
      Math.min(Math.max(delayMs, 0), MAX_TIMEOUT_MS),
    );
  };
  arm();
  return () => clearTimeout(timer);
}

/** Resolves when the clock has reached a time; rejects with the signal's reason when that is aborted before. */
export function waitUntil(timeMs: number, now: () => number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = callAt(timeMs, now, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    signal.addEventListener('abort', stop, { once: true });
  });
}
