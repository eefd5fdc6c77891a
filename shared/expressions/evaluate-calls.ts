import { RE2JS } from 're2js';
import {
  type Compiled,
  comparable,
  type Evaluate,
  ofBoth,
  ofNumeric,
  ofPresent,
  valueAs,
} from './closures.ts';
import { power, rounded, wholeOf } from './evaluate-arithmetic.ts';
import type { Expression } from './expression.ts';
import type { DateDiffUnit, DatePartField } from './functions.ts';
import { lowerText, upperText } from './letter-case.ts';
import { datePart, unitsBetween } from './times.ts';
import { order, type Value } from './values.ts';

type Call = Extract<Expression, { readonly kind: 'call' }>;

/** A call whose arguments are compiled. Digits, lengths, fields and patterns are literals, which `call` has. */
export function callOf(call: Call, given: readonly Compiled[]): Evaluate {
  const [first, second, third] = given.map(({ value }) => value) as [Evaluate, Evaluate, Evaluate];
  const ofNumber = (run: (value: number) => Value) =>
    ofPresent(valueAs('number', given[0]!), (value) => run(value as number));
  const ofText = (run: (text: string) => Value) => ofPresent(first, (text) => run(text as string));
  const ofTexts = (run: (text: string, part: string) => Value) =>
    ofBoth(first, second, (text, part) => run(text as string, part as string));
  switch (call.name) {
    case 'abs':
      return ofNumeric(given[0]!, (value) => (value < 0n ? -value : value), Math.abs);
    case 'floor':
      return ofNumeric(given[0]!, same, Math.floor);
    case 'ceil':
      return ofNumeric(given[0]!, same, Math.ceil);
    case 'round':
      return ofNumeric(given[0]!, same, roundTo(call.arguments[1]));
    case 'sqrt':
      return ofNumber((value) => (value < 0 ? null : Math.sqrt(value)));
    case 'ln':
      return ofNumber((value) => (value <= 0 ? null : Math.log(value)));
    case 'exp':
      return ofNumber(Math.exp);
    case 'is_finite':
      return ofNumber(Number.isFinite);
    case 'power':
      return ofBoth(valueAs('number', given[0]!), valueAs('number', given[1]!), (base, exponent) =>
        power(base as number, exponent as number),
      );
    case 'least':
      return extremeOf(call, given, (distance) => distance < 0);
    case 'greatest':
      return extremeOf(call, given, (distance) => distance > 0);
    case 'coalesce':
      return coalesceOf(given.map((part) => valueAs(call.type, part)));
    case 'nullif':
      return nullifOf(first, comparable(given) as [Evaluate, Evaluate]);
    case 'lower':
      return ofText(lowerText);
    case 'upper':
      return ofText(upperText);
    case 'trim':
      return ofText((text) => text.replaceAll(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, ''));
    case 'length':
      return ofText((text) => BigInt(codePoints(text)));
    case 'substr':
      return ofText(substrOf(call));
    case 'starts_with':
      return ofTexts((text, part) => text.startsWith(part));
    case 'ends_with':
      return ofTexts((text, part) => text.endsWith(part));
    case 'contains':
      return ofTexts((text, part) => text.includes(part));
    case 'regexp_matches': {
      const pattern = RE2JS.compile(String(literal(call.arguments[1])));
      return ofText((text) => pattern.matcher(text).find());
    }
    case 'date_part': {
      const field = literal(call.arguments[0]) as DatePartField;
      return ofPresent(second, (time) => datePart(field, time as bigint));
    }
    case 'date_diff': {
      const unit = literal(call.arguments[0]) as DateDiffUnit;
      return ofBoth(second, third, (from, to) => unitsBetween(unit, from as bigint, to as bigint));
    }
  }
}

const same = <T>(value: T): T => value;

const literal = (part: Expression | undefined): Value => (part?.kind === 'literal' ? part.value : null);

function roundTo(digits: Expression | undefined): (value: number) => number {
  return digits ? (value) => rounded(value, Number(literal(digits))) : wholeOf;
}

/** The least or the greatest of the values that are there; of equal ones the first. */
function extremeOf(call: Call, given: readonly Compiled[], isBetter: (order: number) => boolean): Evaluate {
  const parts = given.map((part) => valueAs(call.type, part));
  return (row) => {
    let best: Value = null;
    for (const part of parts) {
      const value = part(row);
      if (value !== null && (best === null || isBetter(order(value, best)))) best = value;
    }
    return best;
  };
}

function coalesceOf(parts: readonly Evaluate[]): Evaluate {
  return (row) => {
    for (const part of parts) {
      const value = part(row);
      if (value !== null) return value;
    }
    return null;
  };
}

function nullifOf(value: Evaluate, [one, other]: readonly [Evaluate, Evaluate]): Evaluate {
  const isEqual = ofBoth(one, other, (a, b) => order(a, b) === 0);
  return (row) => (isEqual(row) === true ? null : value(row));
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function substrOf(call: Call): (text: string) => string {
  const first = Number(literal(call.arguments[1])) - 1;
  const length = call.arguments[2] ? Number(literal(call.arguments[2])) : Number.POSITIVE_INFINITY;
  return (text) => [...text].slice(first, first + length).join('');
}
