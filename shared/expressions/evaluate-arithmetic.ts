import type { ArithmeticOperator } from './expression.ts';
import { withoutOverflow } from './values.ts';

const leastInteger = -(2n ** 63n);

/** Of integers; `/` never is. NULL for a remainder of zero and for more than 64 bits. */
export function integerResult(operator: ArithmeticOperator, left: bigint, right: bigint): bigint | null {
  switch (operator) {
    case '+':
      return withoutOverflow(left + right);
    case '-':
      return withoutOverflow(left - right);
    case '*':
      return withoutOverflow(left * right);
    default:
      // The quotient would have more than 64 bits: engines give up, although the remainder would be 0.
      return right === 0n || (left === leastInteger && right === -1n) ? null : left % right;
  }
}

/** NULL for a division by zero. */
export function numberResult(operator: ArithmeticOperator, left: number, right: number): number | null {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? null : left / right;
    case '%':
      return right === 0 ? null : left % right;
  }
}

/** Half away from zero, to so many digits; a number that has no such digits stays as it is. */
export function rounded(value: number, digits: number): number {
  const unit = Number(`1e${digits}`);
  const result = wholeOf(value * unit) / unit;
  return Number.isFinite(result) ? result : value;
}

export function wholeOf(value: number): number {
  const whole = Math.trunc(value);
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
}

/** As C has it: anything to the power of 0, and 1 to any power, is 1. NULL where there is no answer. */
export function power(base: number, exponent: number): number | null {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) return 1;
  const result = base ** exponent;
  return Number.isNaN(result) ? null : result;
}
