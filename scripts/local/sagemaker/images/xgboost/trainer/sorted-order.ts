const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/**
 * Row numbers in ascending order of their 32-bit float key (stable; least-significant-digit radix sort, since comparators
 * dominate the time of AUC and of cut points otherwise). NaN sorts last.
 */
export function sortedOrder(keys: Float32Array): Uint32Array {
  const count = keys.length;
  const sortable = sortableBits(keys);
  let from = Uint32Array.from({ length: count }, (_, i) => i);
  let to = new Uint32Array(count);
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    const starts = new Uint32Array(DIGITS + 1);
    for (let i = 0; i < count; i++) {
      const digit = ((sortable[i] as number) >>> shift) & (DIGITS - 1);
      starts[digit + 1] = (starts[digit + 1] as number) + 1;
    }
    for (let digit = 0; digit < DIGITS; digit++) {
      starts[digit + 1] = (starts[digit + 1] as number) + (starts[digit] as number);
    }
    for (let i = 0; i < count; i++) {
      const row = from[i] as number;
      const digit = ((sortable[row] as number) >>> shift) & (DIGITS - 1);
      const at = starts[digit] as number;
      to[at] = row;
      starts[digit] = at + 1;
    }
    [from, to] = [to, from];
  }
  return from;
}

/** The bits of a float, changed so that they compare as unsigned numbers the way the floats compare. */
function sortableBits(keys: Float32Array): Uint32Array {
  // Adding 0 turns -0 into 0, so that the two are equal here as they are when compared.
  const bits = new Uint32Array(keys.map((key) => key + 0).buffer);
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i] as number;
    bits[i] = word >>> 31 === 1 ? ~word : word | 0x80000000;
  }
  return bits;
}
