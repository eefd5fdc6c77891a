import type { ColumnType } from './expression.ts';
import { type Present, type Value, withoutOverflow } from './values.ts';

/** Values of columns by name: a DOUBLE as `number`, an integer and a timestamp (microseconds) as `bigint`; absent is NULL. */
export type Row = Readonly<Record<string, Value>>;
/** A compiled part: its value for a row. */
export type Evaluate = (row: Row) => Value;
export interface Compiled {
  readonly type: ColumnType;
  readonly value: Evaluate;
}

export const constant =
  (value: Value): Evaluate =>
  () =>
    value;

/** NULL for NULL. */
export function ofPresent(operand: Evaluate, run: (value: Present) => Value): Evaluate {
  return (row) => {
    const value = operand(row);
    return value === null ? null : run(value);
  };
}

/** NULL where either is. */
export function ofBoth(
  one: Evaluate,
  other: Evaluate,
  run: (one: Present, other: Present) => Value,
): Evaluate {
  return (row) => {
    const left = one(row);
    const right = other(row);
    return left === null || right === null ? null : run(left, right);
  };
}

/** A part as a value of `type`: an integer becomes the nearest number where a number is wanted. */
export const valueAs = (type: ColumnType, part: Compiled): Evaluate =>
  type === 'number' && part.type === 'integer' ? ofPresent(part.value, Number) : part.value;

/** Parts as values that can be compared with each other: numbers, where one of them is. */
export function comparable(parts: readonly Compiled[]): Evaluate[] {
  const type = parts.some((part) => part.type === 'number') ? 'number' : parts[0]!.type;
  return parts.map((part) => valueAs(type, part));
}

/** An operation on numbers, or on integers, where more than 64 bits are NULL. */
export function ofNumeric(
  part: Compiled,
  ofInteger: (value: bigint) => bigint,
  ofNumber: (value: number) => number,
): Evaluate {
  return ofPresent(
    part.value,
    part.type === 'integer'
      ? (value) => withoutOverflow(ofInteger(value as bigint))
      : (value) => ofNumber(value as number),
  );
}
