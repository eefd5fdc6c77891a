/**
 * A value while an expression is evaluated: `number` is a DOUBLE, `bigint` an integer of 64 bits or, for the type timestamp, the
 * microseconds since 1970 (UTC).
 */
export type Value = number | bigint | boolean | string | null;
export type Present = NonNullable<Value>;

/** NULL for an integer of more than 64 bits. */
export const withoutOverflow = (value: bigint): bigint | null =>
  BigInt.asIntN(64, value) === value ? value : null;

/**
 * Where a value stands to another one of its type: below zero, zero, or above. As DuckDB orders: NaN is equal to itself and greater
 * than any other number, and texts compare by code points.
 */
export function order(one: Present, other: Present): number {
  if (one === other) return 0;
  if (typeof one === 'string' && typeof other === 'string') return textOrder(one, other);
  if (Number.isNaN(one)) return Number.isNaN(other) ? 0 : 1;
  if (Number.isNaN(other)) return -1;
  return one < other ? -1 : 1;
}

function textOrder(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++) {
    const left = one.charCodeAt(at);
    const right = other.charCodeAt(at);
    if (left !== right) return codePointRank(left) - codePointRank(right);
  }
  return one.length - other.length;
}

/** Makes halves of characters beyond U+FFFF sort after U+E000 to U+FFFF, as their code points do. */
const codePointRank = (unit: number): number =>
  unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
