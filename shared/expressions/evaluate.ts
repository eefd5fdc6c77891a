import {
  type Compiled,
  comparable,
  constant,
  type Evaluate,
  ofBoth,
  ofNumeric,
  ofPresent,
  valueAs,
} from './closures.ts';
import { integerResult, numberResult } from './evaluate-arithmetic.ts';
import { callOf } from './evaluate-calls.ts';
import { castOf } from './evaluate-casts.ts';
import type { Expression } from './expression.ts';
import { compileLike } from './like.ts';
import { castTime } from './times.ts';
import { order, type Value } from './values.ts';

/**
 * What an expression answers for a row, without an engine: what `emitSql`'s text answers in DuckDB, to the bit. Only `ln`, `exp` and
 * `power` may differ in the last digit, where the engines' mathematics libraries do. Compiled once, it is a tree of closures: no text
 * is run as code. What has no answer is NULL; nothing throws.
 */
export function compileExpression(expression: Expression): Evaluate {
  return compiled(expression).value;
}

type PartOf<Kind> = Extract<Expression, { readonly kind: Kind }>;

const compiled = (part: Expression): Compiled => ({ type: part.type, value: evaluateOf(part) });

function evaluateOf(part: Expression): Evaluate {
  switch (part.kind) {
    case 'literal':
      return constant(literalOf(part));
    case 'column': {
      const { name } = part;
      return (row) => row[name] ?? null;
    }
    case 'logic':
      return logicOf(part);
    case 'not':
      return ofPresent(evaluateOf(part.operand), (value) => !value);
    case 'comparison':
      return comparisonOf(part);
    case 'arithmetic':
      return arithmeticOf(part);
    case 'negation':
      return ofNumeric(
        compiled(part.operand),
        (value) => -value,
        (value) => -value,
      );
    case 'concatenation':
      return ofBoth(evaluateOf(part.left), evaluateOf(part.right), (left, right) => `${left}${right}`);
    case 'is null': {
      const operand = evaluateOf(part.operand);
      return (row) => operand(row) === null;
    }
    case 'between':
      return betweenOf(part);
    case 'in':
      return inOf(part);
    case 'like': {
      const isLike = compileLike(part.pattern, part.escape);
      return ofPresent(evaluateOf(part.operand), (value) => isLike(value as string));
    }
    case 'case':
      return caseOf(part);
    case 'cast':
      return ofPresent(evaluateOf(part.operand), castOf(part.operand.type, part.type));
    case 'call':
      return callOf(part, part.arguments.map(compiled));
  }
}

function literalOf({ value, type }: PartOf<'literal'>): Value {
  return type === 'timestamp' && typeof value === 'string' ? castTime(value) : value;
}

/** `and` is false where one is, `or` true where one is; else NULL where one is. */
function logicOf({ operator, operands }: PartOf<'logic'>): Evaluate {
  const parts = operands.map(evaluateOf);
  const deciding = operator === 'or';
  return (row) => {
    let result: Value = !deciding;
    for (const part of parts) {
      const value = part(row);
      if (value === deciding) return deciding;
      if (value === null) result = null;
    }
    return result;
  };
}

const comparisons = {
  '=': (distance: number) => distance === 0,
  '<>': (distance: number) => distance !== 0,
  '<': (distance: number) => distance < 0,
  '<=': (distance: number) => distance <= 0,
  '>': (distance: number) => distance > 0,
  '>=': (distance: number) => distance >= 0,
};

function comparisonOf({ operator, left, right }: PartOf<'comparison'>): Evaluate {
  const [one, other] = comparable([left, right].map(compiled)) as [Evaluate, Evaluate];
  if (operator !== 'is distinct from' && operator !== 'is not distinct from') {
    const holds = comparisons[operator];
    return ofBoth(one, other, (a, b) => holds(order(a, b)));
  }
  const ifDistinct = operator === 'is distinct from';
  return (row) => {
    const [a, b] = [one(row), other(row)];
    return (a === null || b === null ? a !== b : order(a, b) !== 0) === ifDistinct;
  };
}

function betweenOf({ operand, low, high }: PartOf<'between'>): Evaluate {
  const [value, least, most] = comparable([operand, low, high].map(compiled)) as [
    Evaluate,
    Evaluate,
    Evaluate,
  ];
  const fromLeast = ofBoth(value, least, (a, b) => order(a, b) >= 0);
  const toMost = ofBoth(value, most, (a, b) => order(a, b) <= 0);
  return (row) => {
    const [above, below] = [fromLeast(row), toMost(row)];
    if (above === false || below === false) return false;
    return above === null || below === null ? null : true;
  };
}

function inOf({ operand, choices }: PartOf<'in'>): Evaluate {
  const [value, ...listed] = comparable([operand, ...choices].map(compiled)) as [Evaluate, ...Evaluate[]];
  return (row) => {
    const given = value(row);
    if (given === null) return null;
    let result: Value = false;
    for (const choice of listed) {
      const other = choice(row);
      if (other === null) result = null;
      else if (order(given, other) === 0) return true;
    }
    return result;
  };
}

function caseOf({ subject, branches, otherwise, type }: PartOf<'case'>): Evaluate {
  const cases = branches.map(({ when, result }) => ({
    holds: subject
      ? comparisonOf({
          kind: 'comparison',
          operator: '=',
          left: subject,
          right: when,
          type: 'boolean',
          span: when.span,
        })
      : evaluateOf(when),
    result: valueAs(type, compiled(result)),
  }));
  const last = otherwise ? valueAs(type, compiled(otherwise)) : constant(null);
  return (row) => {
    for (const { holds, result } of cases) if (holds(row) === true) return result(row);
    return last(row);
  };
}

function arithmeticOf({ operator, left, right, type }: PartOf<'arithmetic'>): Evaluate {
  const [one, other] = [left, right].map((side) => valueAs(type, compiled(side))) as [Evaluate, Evaluate];
  return type === 'integer'
    ? ofBoth(one, other, (a, b) => integerResult(operator, a as bigint, b as bigint))
    : ofBoth(one, other, (a, b) => numberResult(operator, a as number, b as number));
}
