import type { ColumnType, Expression, FunctionName, Span } from './expression.ts';
import { patternFault } from './pattern.ts';
import { isNumeric, numericType, type Typing } from './typing.ts';

/** Parts of a time that `date_part` knows; weeks and days of the week are ISO 8601's (Monday is 1). */
export const datePartFields = [
  'year',
  'quarter',
  'month',
  'week',
  'day',
  'day_of_year',
  'day_of_week',
  'hour',
  'minute',
  'second',
] as const;
export type DatePartField = (typeof datePartFields)[number];
/** Units that `date_diff` counts in: whole ones that have passed. */
export const dateDiffUnits = ['day', 'hour', 'minute', 'second'] as const;
export type DateDiffUnit = (typeof dateDiffUnits)[number];

type Parameter =
  | ColumnType
  | 'numeric'
  | { readonly integer: readonly [least: number, most: number] }
  | { readonly oneOf: readonly string[] }
  | 'pattern';

interface Signature {
  readonly parameters: readonly Parameter[];
  /** So many of the last parameters may be left out. */
  readonly optional?: number;
  readonly result: ColumnType | ((given: readonly Expression[]) => ColumnType);
  readonly usage: string;
}

const first = ([value]: readonly Expression[]): ColumnType => value!.type;

const signatures: Readonly<
  Record<Exclude<FunctionName, 'least' | 'greatest' | 'coalesce' | 'nullif'>, Signature>
> = {
  abs: { parameters: ['numeric'], result: first, usage: 'abs(number)' },
  round: {
    parameters: ['numeric', { integer: [0, 15] }],
    optional: 1,
    result: first,
    usage: 'round(number [, digits])',
  },
  floor: { parameters: ['numeric'], result: first, usage: 'floor(number)' },
  ceil: { parameters: ['numeric'], result: first, usage: 'ceil(number)' },
  sqrt: { parameters: ['numeric'], result: 'number', usage: 'sqrt(number)' },
  power: { parameters: ['numeric', 'numeric'], result: 'number', usage: 'power(base, exponent)' },
  ln: { parameters: ['numeric'], result: 'number', usage: 'ln(number)' },
  exp: { parameters: ['numeric'], result: 'number', usage: 'exp(number)' },
  lower: { parameters: ['string'], result: 'string', usage: 'lower(text)' },
  upper: { parameters: ['string'], result: 'string', usage: 'upper(text)' },
  trim: { parameters: ['string'], result: 'string', usage: 'trim(text)' },
  length: { parameters: ['string'], result: 'integer', usage: 'length(text)' },
  substr: {
    parameters: ['string', { integer: [1, 1_000_000] }, { integer: [0, 1_000_000] }],
    optional: 1,
    result: 'string',
    usage: 'substr(text, first [, length])',
  },
  starts_with: { parameters: ['string', 'string'], result: 'boolean', usage: 'starts_with(text, start)' },
  ends_with: { parameters: ['string', 'string'], result: 'boolean', usage: 'ends_with(text, end)' },
  contains: { parameters: ['string', 'string'], result: 'boolean', usage: 'contains(text, part)' },
  regexp_matches: {
    parameters: ['string', 'pattern'],
    result: 'boolean',
    usage: "regexp_matches(text, 'pattern')",
  },
  date_part: {
    parameters: [{ oneOf: datePartFields }, 'timestamp'],
    result: 'integer',
    usage: "date_part('year', time)",
  },
  date_diff: {
    parameters: [{ oneOf: dateDiffUnits }, 'timestamp', 'timestamp'],
    result: 'integer',
    usage: "date_diff('day', from, to)",
  },
  is_finite: { parameters: ['numeric'], result: 'boolean', usage: 'is_finite(number)' },
};

/** Other names of functions; `mod` and the parts of a time, such as `year(time)`, are rewritten by the parser. */
export const functionAliases: Readonly<Record<string, FunctionName>> = {
  ceiling: 'ceil',
  pow: 'power',
  substring: 'substr',
  char_length: 'length',
  regexp_like: 'regexp_matches',
  isfinite: 'is_finite',
};
/** Names that the user may call. */
export const functionNames: readonly string[] = [
  ...Object.keys(signatures),
  'least',
  'greatest',
  'coalesce',
  'nullif',
  'mod',
];

/** The call of a function that exists, its arguments checked. Throws InvalidExpression. */
export function checkedCall(
  typing: Typing,
  name: FunctionName,
  given: readonly Expression[],
  span: Span,
): Expression {
  const call = (args: readonly Expression[], type: ColumnType): Expression => ({
    kind: 'call',
    name,
    arguments: args,
    type,
    span,
  });
  if (name === 'least' || name === 'greatest' || name === 'coalesce') {
    if (given.length === 0) throw typing.fail(span, `${name} needs at least one value: ${name}(a, b, …)`);
    const { parts, type } = typing.unify(given, name);
    return call(parts, type);
  }
  if (name === 'nullif') {
    if (given.length !== 2) throw typing.fail(span, 'nullif has two values: nullif(value, missing)');
    const { parts } = typing.unify(given, name);
    return call(parts, parts[0]!.type);
  }
  const { parameters, optional = 0, result, usage } = signatures[name];
  if (given.length > parameters.length || given.length < parameters.length - optional)
    throw typing.fail(span, `${name} is written ${usage}; here it has ${given.length} values`);
  const args = given.map((part, index) => argument(typing, part, parameters[index]!, name, usage));
  return call(args, typeof result === 'string' ? result : result(args));
}

function argument(
  typing: Typing,
  part: Expression,
  parameter: Parameter,
  name: string,
  usage: string,
): Expression {
  if (parameter === 'numeric') {
    return part.kind === 'literal' && part.value === null
      ? { ...part, type: 'number' }
      : isNumeric(part.type)
        ? part
        : typing.expect(part, 'number', `the value of ${usage}`);
  }
  if (parameter === 'pattern') {
    const fault =
      part.kind === 'literal' && typeof part.value === 'string' && part.type === 'string'
        ? patternFault(part.value)
        : 'the pattern of a regular expression is written as a text in single quotes';
    if (fault !== undefined) throw typing.fail(part.span, fault);
    return part;
  }
  if (typeof parameter === 'string') return typing.expect(part, parameter, `a value of ${usage}`);
  if ('integer' in parameter) {
    const [least, most] = parameter.integer;
    const { value } = part.kind === 'literal' ? part : { value: undefined };
    if (typeof value !== 'bigint' || value < least || value > most)
      throw typing.fail(part.span, `${usage} takes whole numbers from ${least} to ${most} here, written out`);
    return part;
  }
  const value = part.kind === 'literal' ? String(part.value).toLowerCase() : undefined;
  if (value === undefined || !parameter.oneOf.includes(value))
    throw typing.fail(
      part.span,
      `${name} knows ${parameter.oneOf.map((word) => `'${word}'`).join(', ')} here`,
    );
  return { ...part, kind: 'literal', value };
}

/** The arithmetic type of two checked parts. */
export const arithmeticType = (operator: string, parts: readonly Expression[]): ColumnType =>
  operator === '/' ? 'number' : numericType(parts);
