/**
 * A small deterministic generator (mulberry32: one 32-bit counter, mixed), enough for drawing rows and columns.
 * Each boosting round has its own stream, so a run that resumes at round k draws what an uninterrupted run draws.
 *
 * @returns a function giving numbers in [0, 1).
 */
export function randomStream(seed: number, round: number): () => number {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(round + 1, 0xc2b2ae35)) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Draws `count` of the numbers 0…`total`-1 without replacement, ascending. */
export function sampleIndices(total: number, count: number, random: () => number): Int32Array {
  const all = Int32Array.from({ length: total }, (_, i) => i);
  for (let i = 0; i < count; i++) {
    const other = i + Math.floor(random() * (total - i));
    const kept = all[i] as number;
    all[i] = all[other] as number;
    all[other] = kept;
  }
  return all.slice(0, count).sort();
}
