import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 100;

/**
 * Asks until there is an answer. Rejects after `limitSeconds`, naming what was waited for and, where `stand` is given, how things
 * stand; what `ask` throws ends the waiting at once.
 */
export async function eventually<Value>(
  what: string,
  ask: () => Promise<Value | undefined>,
  { limitSeconds = 60, stand }: { limitSeconds?: number; stand?: () => Promise<string> } = {},
): Promise<Value> {
  const giveUpAtMs = Date.now() + limitSeconds * 1000;
  for (;;) {
    const value = await ask();
    if (value !== undefined) return value;
    if (Date.now() > giveUpAtMs) {
      throw new Error(
        `${what} did not come within ${limitSeconds} s.${stand ? ` It stands so:\n${await stand()}` : ''}`,
      );
    }
    await sleep(pollMs);
  }
}
