import { wholeOf } from './evaluate-arithmetic.ts';
import type { ColumnType } from './expression.ts';
import { lowerText } from './letter-case.ts';
import { castTime } from './times.ts';
import { type Present, type Value, withoutOverflow } from './values.ts';

const integerShape = /^[+-]?[0-9]+$/;
const numberShape = /^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$/;

/** What turns a value of one type into another; NULL where a text or a number has no such value. */
export function castOf(from: ColumnType, to: ColumnType): (value: Present) => Value {
  switch (to) {
    case 'string':
      return String;
    case 'boolean':
      return from === 'string' ? (value) => truthOf(lowerText(value as string)) : Boolean;
    case 'timestamp':
      return (value) => castTime(value as string);
    case 'integer':
      if (from === 'string') return (value) => integerOfText(value as string);
      return from === 'number'
        ? (value) => integerOfNumber(wholeOf(value as number))
        : (value) => BigInt(value);
    case 'number':
      return from === 'string' ? (value) => numberOfText(value as string) : Number;
  }
}

function truthOf(text: string): boolean | null {
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : null;
}

const integerOfText = (text: string): bigint | null =>
  integerShape.test(text) ? withoutOverflow(BigInt(text.replace(/^[+]/, ''))) : null;

const integerOfNumber = (whole: number): bigint | null =>
  Number.isFinite(whole) ? withoutOverflow(BigInt(whole)) : null;

const numberOfText = (text: string): number | null => (numberShape.test(text) ? Number(text) : null);
