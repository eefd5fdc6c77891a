/** Steps that windows move by, in seconds: one minute to one day. */
const hops = [60, 300, 900, 3600, 21_600, 86_400];
/** So many whole hops at most are kept of a window, unless the window is longer than that many days. */
const maxHops = 200;

/** The step that a window of so many seconds moves by: the smallest that keeps it within 200 steps, at most a day. */
export const hopSecondsOf = (windowSeconds: number): number =>
  hops.find((hop) => windowSeconds / hop <= maxHops) ?? 86_400;
