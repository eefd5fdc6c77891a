import type { ArithmeticOperator, ComparisonOperator, Expression } from './expression.ts';
import { arithmeticType } from './functions.ts';
import type { Reader } from './reader.ts';
import { isNull, isNumeric } from './typing.ts';

/** How tightly operators bind, as PostgreSQL has it. */
export const binding = {
  or: 1,
  and: 2,
  not: 3,
  is: 4,
  comparison: 5,
  range: 6,
  concatenation: 7,
  sum: 8,
  product: 9,
  sign: 10,
} as const;

const comparisons = new Set(['=', '<>', '!=', '<', '<=', '>', '>=']);
const maxChoices = 1000;

/** `left` with the operator that follows it and what that applies to; undefined where none follows that binds tightly enough. */
export function infixOf(parser: Reader, left: Expression, least: number): Expression | undefined {
  const { kind, value } = parser.token;
  if (kind !== 'word' && kind !== 'symbol') return undefined;
  const operator = value.toLowerCase();
  const binds = (strength: number) => strength > least;
  if (operator === 'and' || operator === 'or')
    return binds(binding[operator]) ? logicOf(parser, left) : undefined;
  if (operator === 'is') return binds(binding.is) ? isOf(parser, left) : undefined;
  if (comparisons.has(operator)) return binds(binding.comparison) ? comparisonOf(parser, left) : undefined;
  const ranged = operator === 'not' ? parser.following().value.toLowerCase() : operator;
  if (['between', 'in', 'like'].includes(ranged))
    return binds(binding.range) ? rangeOf(parser, left) : undefined;
  if (operator === '||') return binds(binding.concatenation) ? concatenationOf(parser, left) : undefined;
  const strength = operator === '+' || operator === '-' ? binding.sum : binding.product;
  if (!['+', '-', '*', '/', '%'].includes(operator) || !binds(strength)) return undefined;
  parser.take();
  return arithmetic(parser, operator as ArithmeticOperator, left, parser.expression(strength));
}

function logicOf(parser: Reader, left: Expression): Expression {
  const operator = parser.take().value.toLowerCase() as 'and' | 'or';
  const sides = [left, parser.expression(binding[operator])].map((side) =>
    parser.typing.expect(side, 'boolean', `what stands beside '${operator}'`),
  );
  return {
    kind: 'logic',
    operator,
    operands: sides.flatMap((side) =>
      side.kind === 'logic' && side.operator === operator ? side.operands : [side],
    ),
    type: 'boolean',
    span: { start: left.span.start, end: sides[1]!.span.end },
  };
}

/** `is [not] null`, `is [not] true`, `is [not] false` and `is [not] distinct from`. */
function isOf(parser: Reader, left: Expression): Expression {
  parser.need('is');
  const isNot = parser.takeIf('not');
  if (parser.takeIf('distinct')) {
    parser.need('from');
    const [one, other] = parser.typing.unify([left, parser.expression(binding.is)], "'is distinct from'")
      .parts as [Expression, Expression];
    const span = { start: left.span.start, end: other.span.end };
    const operator = isNot ? 'is not distinct from' : 'is distinct from';
    return { kind: 'comparison', operator, left: one, right: other, type: 'boolean', span };
  }
  const { value, end } = parser.token;
  const word = value.toLowerCase();
  const span = { start: left.span.start, end };
  if (parser.token.kind !== 'word' || !['null', 'true', 'false'].includes(word))
    throw parser.unexpected("'null', 'true', 'false' or 'distinct from'");
  parser.take();
  const test: Expression =
    word === 'null'
      ? { kind: 'is null', operand: left, type: 'boolean', span }
      : {
          kind: 'comparison',
          operator: 'is not distinct from',
          left: parser.typing.expect(left, 'boolean', `what stands before 'is ${word}'`),
          right: { kind: 'literal', value: word === 'true', type: 'boolean', span },
          type: 'boolean',
          span,
        };
  return isNot ? negated(test) : test;
}

const negated = (operand: Expression): Expression => ({
  kind: 'not',
  operand,
  type: 'boolean',
  span: operand.span,
});

function comparisonOf(parser: Reader, left: Expression): Expression {
  const { value, start } = parser.take();
  const operator = (value === '!=' ? '<>' : value) as ComparisonOperator;
  const right = parser.expression(binding.comparison);
  if (comparisons.has(parser.token.value) && parser.token.kind === 'symbol')
    throw parser.typing.fail(
      parser.token,
      'comparisons are not chained; write "a < b and b < c", or "b between a and c"',
    );
  if (isNull(left) || isNull(right))
    throw parser.typing.fail(
      { start, end: start },
      `a comparison with null is never true; write "is null" or "is not null"`,
    );
  const [one, other] = parser.typing.unify([left, right], `'${value}'`).parts as [Expression, Expression];
  const span = { start: left.span.start, end: right.span.end };
  return { kind: 'comparison', operator, left: one, right: other, type: 'boolean', span };
}

function rangeOf(parser: Reader, left: Expression): Expression {
  const isNot = parser.takeIf('not');
  const range = parser.is('between')
    ? betweenOf(parser, left)
    : parser.is('in')
      ? inOf(parser, left)
      : likeOf(parser, left);
  return isNot ? negated(range) : range;
}

function betweenOf(parser: Reader, left: Expression): Expression {
  parser.take();
  const from = parser.expression(binding.range);
  parser.need('and');
  const to = parser.expression(binding.range);
  const [operand, low, high] = parser.typing.unify([left, from, to], "'between'").parts as [
    Expression,
    Expression,
    Expression,
  ];
  const span = { start: left.span.start, end: to.span.end };
  return { kind: 'between', operand, low, high, type: 'boolean', span };
}

function inOf(parser: Reader, left: Expression): Expression {
  parser.take();
  parser.need('(');
  const listed: Expression[] = [];
  do listed.push(parser.expression());
  while (parser.takeIf(','));
  const { end } = parser.need(')');
  const span = { start: left.span.start, end };
  if (listed.length > maxChoices)
    throw parser.typing.fail(span, `'in' has ${listed.length} values; ${maxChoices} are allowed`);
  if (listed.some(isNull))
    throw parser.typing.fail(span, `null in a list makes 'in' never false; write "or … is null" instead`);
  const [operand, ...choices] = parser.typing.unify([left, ...listed], "'in'").parts as [
    Expression,
    ...Expression[],
  ];
  return { kind: 'in', operand, choices, type: 'boolean', span };
}

function likeOf(parser: Reader, left: Expression): Expression {
  parser.take();
  const operand = parser.typing.expect(left, 'string', "what stands before 'like'");
  if (parser.token.kind !== 'text') throw parser.unexpected("a pattern in single quotes, such as 'A%'");
  const { value: pattern, start, end } = parser.take();
  const span = { start: left.span.start, end };
  if (!parser.takeIf('escape')) return { kind: 'like', operand, pattern, type: 'boolean', span };
  const { kind, value: escapeSign, end: escapeEnd } = parser.take();
  if (kind !== 'text' || escapeSign.length !== 1)
    throw parser.typing.fail(
      parser.token,
      "'escape' is followed by one character in single quotes, such as '!'",
    );
  if (!isEscapedWell(pattern, escapeSign))
    throw parser.typing.fail(
      { start, end },
      `in a pattern '${escapeSign}' stands before %, _ or another '${escapeSign}'`,
    );
  return {
    kind: 'like',
    operand,
    pattern,
    escape: escapeSign,
    type: 'boolean',
    span: { ...span, end: escapeEnd },
  };
}

function isEscapedWell(pattern: string, sign: string): boolean {
  for (let at = pattern.indexOf(sign); at >= 0; at = pattern.indexOf(sign, at + 2)) {
    if (!['%', '_', sign].includes(pattern.charAt(at + 1))) return false;
  }
  return true;
}

function concatenationOf(parser: Reader, left: Expression): Expression {
  parser.take();
  const [one, other] = [left, parser.expression(binding.concatenation)].map((side) =>
    parser.typing.expect(side, 'string', "what stands beside '||'"),
  ) as [Expression, Expression];
  const span = { start: left.span.start, end: other.span.end };
  // DuckDB types NULL || text as nothing, for which no function is found.
  if (isNull(one) || isNull(other)) return { kind: 'literal', value: null, type: 'string', span };
  return { kind: 'concatenation', left: one, right: other, type: 'string', span };
}

/** A sum, difference, product, quotient or remainder of two numbers. */
export function arithmetic(
  parser: Reader,
  operator: ArithmeticOperator,
  left: Expression,
  right: Expression,
): Expression {
  const span = { start: left.span.start, end: right.span.end };
  if (operator === '-' && left.type === 'timestamp' && right.type === 'timestamp')
    throw parser.typing.fail(
      span,
      "times are subtracted by date_diff('day', from, to), in days, hours, minutes or seconds",
    );
  const [one, other] = [left, right].map((side) =>
    isNumeric(side.type) ? side : parser.typing.expect(side, 'number', `what stands beside '${operator}'`),
  ) as [Expression, Expression];
  return {
    kind: 'arithmetic',
    operator,
    left: one,
    right: other,
    type: arithmeticType(operator, [one, other]),
    span,
  };
}
