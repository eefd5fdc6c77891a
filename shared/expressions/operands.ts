import { nearestName } from '#shared/kernel/nearest-name.ts';
import type { ColumnType, Expression, FunctionName } from './expression.ts';
import { checkedCall, datePartFields, functionAliases, functionNames } from './functions.ts';
import { arithmetic } from './operators.ts';
import type { Reader } from './reader.ts';
import { timestampOf } from './timestamps.ts';
import { canCast, castsOf, isNull } from './typing.ts';

const minInteger = -(2n ** 63n);
const maxInteger = 2n ** 63n - 1n;

/** A number, a text, null, true or false. `signStart` is where the minus before a number stands. */
export function literalOf(parser: Reader, signStart?: number): Expression {
  const { kind, value, start: valueStart, end } = parser.take();
  const start = signStart ?? valueStart;
  const span = { start, end };
  if (kind === 'text') return { kind: 'literal', value, type: 'string', span };
  if (kind === 'word') {
    const word = value.toLowerCase();
    return word === 'null'
      ? { kind: 'literal', value: null, type: 'string', span }
      : { kind: 'literal', value: word === 'true', type: 'boolean', span };
  }
  const sign = signStart === undefined ? '' : '-';
  if (/^\d+$/.test(value)) {
    const whole = sign === '' ? BigInt(value) : -BigInt(value);
    if (whole < minInteger || whole > maxInteger)
      throw parser.typing.fail(
        span,
        `${sign}${value} has more than 64 bits; write it as a number: ${sign}${value}e0`,
      );
    return { kind: 'literal', value: whole, type: 'integer', span };
  }
  const number = Number(`${sign}${value}`);
  if (!Number.isFinite(number))
    throw parser.typing.fail(span, `${sign}${value} is beyond the largest number, ${Number.MAX_VALUE}`);
  return { kind: 'literal', value: number, type: 'number', span };
}

/** `timestamp '…'` or `date '…'`. */
export function typedLiteralOf(parser: Reader): Expression {
  const { start } = parser.take();
  const { value: text, end } = parser.take();
  const value = timestampOf(text);
  if (value === undefined)
    throw parser.typing.fail(
      { start, end },
      `'${text}' is no date or time; write it as ISO 8601 has it: '2026-01-31' or '2026-01-31T12:00:00Z'`,
    );
  return { kind: 'literal', value, type: 'timestamp', span: { start, end } };
}

export function caseOf(parser: Reader): Expression {
  const { start } = parser.need('case');
  const subject = parser.is('when') ? undefined : parser.expression();
  const whens: Expression[] = [];
  const thens: Expression[] = [];
  while (parser.takeIf('when')) {
    whens.push(parser.expression());
    parser.need('then');
    thens.push(parser.expression());
  }
  if (whens.length === 0) throw parser.unexpected("'when'");
  const otherwise = parser.takeIf('else') ? [parser.expression()] : [];
  const { end } = parser.need('end');
  const results = parser.typing.unify([...thens, ...otherwise], "'case'");
  const tested = subject ? parser.typing.unify([subject, ...whens], "'case'").parts : [];
  const conditions = subject
    ? tested.slice(1)
    : whens.map((when) => parser.typing.expect(when, 'boolean', "what stands after 'when'"));
  return {
    kind: 'case',
    ...(subject ? { subject: tested[0]! } : {}),
    branches: conditions.map((when, index) => ({ when, result: results.parts[index]! })),
    ...(otherwise.length === 0 ? {} : { otherwise: results.parts.at(-1)! }),
    type: results.type,
    span: { start, end },
  };
}

const typeNames: Readonly<Record<string, ColumnType>> = {
  number: 'number',
  double: 'number',
  float: 'number',
  real: 'number',
  integer: 'integer',
  int: 'integer',
  bigint: 'integer',
  string: 'string',
  varchar: 'string',
  text: 'string',
  boolean: 'boolean',
  bool: 'boolean',
  timestamp: 'timestamp',
  timestamptz: 'timestamp',
};

export function castOf(parser: Reader): Expression {
  const { start } = parser.need('cast');
  parser.need('(');
  const operand = parser.expression();
  parser.need('as');
  const { value } = parser.token;
  const type = Object.hasOwn(typeNames, value.toLowerCase()) ? typeNames[value.toLowerCase()] : undefined;
  if (parser.token.kind !== 'word' || type === undefined)
    throw parser.unexpected('a type: number, integer, string, boolean or timestamp');
  parser.take();
  const { end } = parser.need(')');
  const span = { start, end };
  if (isNull(operand)) return { ...operand, type, span };
  if (!canCast(operand.type, type))
    throw parser.typing.fail(
      span,
      `${parser.typing.named(operand)} cannot be cast to ${type}, only to ${castsOf(operand.type).join(', ')}${type === 'string' && operand.type === 'number' ? '; the text of a number differs between engines, so cast to integer first' : ''}`,
    );
  return operand.type === type ? { ...operand, span } : { kind: 'cast', operand, type, span };
}

/** `extract(year from time)`. */
export function extractOf(parser: Reader): Expression {
  const { start } = parser.take();
  parser.need('(');
  const field = parser.take();
  if (!parser.is('from')) throw parser.unexpected("'from': extract(year from time)");
  parser.take();
  const operand = parser.expression();
  const { end } = parser.need(')');
  const named: Expression = { kind: 'literal', value: field.value, type: 'string', span: field };
  return checkedCall(parser.typing, 'date_part', [named, operand], { start, end });
}

export function functionOf(parser: Reader): Expression {
  const { value, start, end: nameEnd } = parser.take();
  const name = value.toLowerCase();
  const field = datePartFields.find((known) => known === name);
  const known = Object.hasOwn(functionAliases, name)
    ? functionAliases[name]
    : functionNames.find((one) => one === name);
  if (field === undefined && known === undefined)
    throw unknownFunction(parser, value, { start, end: nameEnd });
  const given = argumentsOf(parser);
  const span = { start, end: parser.need(')').end };
  if (field !== undefined)
    return checkedCall(
      parser.typing,
      'date_part',
      [{ kind: 'literal', value: field, type: 'string', span }, ...given],
      span,
    );
  if (known === 'mod') {
    if (given.length !== 2) throw parser.typing.fail(span, `mod is written mod(number, divisor)`);
    return { ...arithmetic(parser, '%', given[0]!, given[1]!), span };
  }
  return checkedCall(parser.typing, known as FunctionName, given, span);
}

function argumentsOf(parser: Reader): Expression[] {
  parser.need('(');
  const given: Expression[] = [];
  if (parser.is(')')) return given;
  do given.push(parser.expression());
  while (parser.takeIf(','));
  return given;
}

const aggregates = new Set(['count', 'sum', 'avg', 'min', 'max', 'median', 'stddev', 'variance', 'quantile']);
const clocks = new Set(['now', 'random', 'uuid', 'today', 'current_timestamp', 'current_date', 'getdate']);

function unknownFunction(parser: Reader, name: string, span: { start: number; end: number }): Error {
  const lower = name.toLowerCase();
  const nearest = nearestName(name, functionNames);
  const why = aggregates.has(lower)
    ? 'it looks at many rows, and an expression sees one; use least or greatest for the values of one row'
    : clocks.has(lower)
      ? 'it gives another value each time; write the date out, or use a freshness check'
      : nearest
        ? `did you mean '${nearest}'?`
        : `functions are: ${functionNames.join(', ')}`;
  return parser.typing.fail(span, `'${name.slice(0, 60)}' is no function of expressions; ${why}`);
}
