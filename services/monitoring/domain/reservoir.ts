export interface Reservoir<T> {
  add(item: T): void;
  /** At most `capacity` of the items that were added, each equally likely to be among them. */
  readonly sample: readonly T[];
  /** How many were added. */
  readonly seen: number;
}

/** One seed for all, so that the same items in the same order give the same sample. */
const seed = 20_261_121;

/** Uniform sample of a stream of unknown length (Vitter 1985, algorithm R), repeatable. */
export function createReservoir<T>(capacity: number): Reservoir<T> {
  const random = uniform(seed);
  const sample: T[] = [];
  let seen = 0;
  return {
    add(item) {
      seen++;
      if (sample.length < capacity) {
        sample.push(item);
        return;
      }
      const place = Math.floor(random() * seen);
      if (place < capacity) sample[place] = item;
    },
    sample,
    get seen() {
      return seen;
    },
  };
}

/** Mulberry32 (Ettinger 2017): 32 bits of state, enough to choose rows. */
function uniform(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
