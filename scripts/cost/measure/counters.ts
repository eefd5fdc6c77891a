/** Quantities by name, e.g. `dynamodb.writeUnits` or `lambda.predictions-http.billedMs`. */
export type Counters = Readonly<Record<string, number>>;

/** Applies `combine` to every quantity that either has; a missing one is 0. */
function combine(one: Counters, other: Counters, how: (a: number, b: number) => number): Counters {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...names].sort().map((name) => [name, how(one[name] ?? 0, other[name] ?? 0)]));
}

/** What was counted between two readings of the same meter. */
export const difference = (after: Counters, before: Counters): Counters =>
  combine(after, before, (a, b) => a - b);

export const sum = (one: Counters, other: Counters): Counters => combine(one, other, (a, b) => a + b);

/** Quantities times weights, summed: what remains of a count when known parts are taken away. */
export function weighted(...parts: readonly (readonly [weight: number, counters: Counters])[]): Counters {
  return parts
    .map(([weight, counters]) =>
      Object.fromEntries(Object.entries(counters).map(([name, value]) => [name, value * weight])),
    )
    .reduce(sum, {});
}

/** As it is kept: what fell to or below zero by chance (a function that was warmer) is left out, and digits that are noise. */
export function settled(counters: Counters): Counters {
  return Object.fromEntries(
    Object.entries(counters)
      .map(([name, value]) => [name, Math.round(value * 10_000) / 10_000] as const)
      .filter(([, value]) => value > 0),
  );
}
