/** Hops that windows may move by, in seconds: each divides the next. */
const hops = [60, 300, 900, 3600, 21_600, 86_400] as const;
const longestHop = 86_400;

/** Hops of a window at most, so that what is kept of an entity stays small; windows above 200 days have one per day. */
const maxHops = 200;

const microsecondsPerSecond = 1_000_000;

/** The hop that a window moves by: the smallest of 1m, 5m, 15m, 1h, 6h and 1d that it holds at most 200 times, else 1d. */
export const hopSecondsOf = (windowSeconds: number): number =>
  hops.find((hop) => windowSeconds / hop <= maxHops) ?? longestHop;

/** The greatest multiple of `step` that is not above a whole number, also below zero. */
export function floorTo(whole: number, step: number): number {
  // A quotient can be rounded up to the next whole number; a remainder is exact.
  const rest = whole % step;
  return whole - (rest < 0 ? rest + step : rest);
}

/**
 * Where the window that ends at a time begins, both ends included: `floor((at - window) / hop) * hop`, so that it begins with a hop. Times in
 * microseconds since 1970.
 */
export const windowStart = (at: number, windowSeconds: number, hopSeconds: number): number =>
  floorTo(at - windowSeconds * microsecondsPerSecond, hopSeconds * microsecondsPerSecond);

/** Where the longest of several windows begins: rows before it answer nothing at this time or later. */
export const earliestStart = (
  at: number,
  windows: readonly { readonly windowSeconds: number; readonly hopSeconds: number }[],
): number =>
  Math.min(...windows.map(({ windowSeconds, hopSeconds }) => windowStart(at, windowSeconds, hopSeconds)));
