/** The current time, injected so that rules about time can be tested. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock for tests: stands still until it is moved. */
export function manualClock(start: string): Clock & { advanceSeconds(seconds: number): void } {
  let nowMs = Date.parse(start);
  return {
    now: () => new Date(nowMs),
    advanceSeconds: (seconds) => {
      nowMs += seconds * 1000;
    },
  };
}

/** Seconds since the epoch, as DynamoDB's TTL wants it. */
export function epochSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
