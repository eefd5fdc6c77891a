import { compileExpression } from '#shared/expressions/evaluate.ts';
import { parseExpression } from '#shared/expressions/parse.ts';
import type { Value } from '#shared/expressions/values.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { microsecondsText, parseExactMicroseconds } from '#shared/kernel/microseconds.ts';
import type { FeatureServiceVersion, PinnedExpression } from '../contract/definitions.ts';
import type { FeatureValue } from '../contract/online.ts';

type ColumnType = PinnedExpression['type'];
type Variable = PinnedExpression['variables'][number];

/** What the caller sent, and what views answered: null where they have no value. */
export interface OnDemandInputs {
  readonly request: Readonly<Record<string, FeatureValue>>;
  readonly views: Readonly<Record<string, Readonly<Record<string, FeatureValue>>>>;
}

/**
 * The features that a service computes, by the name that it answers them with. The same functions compute them for training sets.
 * Throws InvalidEntities (invalid_input) where a value is not of the declared type.
 */
export function onDemandValues(
  { onDemand }: Pick<FeatureServiceVersion, 'onDemand'>,
  { request, views }: OnDemandInputs,
): Record<string, FeatureValue> {
  return Object.fromEntries(
    onDemand.map((feature) => {
      const values = feature.variables.map((variable) => {
        const { from } = variable;
        const given = 'request' in from ? request[from.request] : views[from.view]?.[from.feature];
        return [variable.name, readValue(variable, given ?? null)];
      });
      const value = compiledOnDemand(feature)(Object.fromEntries(values));
      return [feature.as, writtenValue(feature.type, value)];
    }),
  );
}

const compiledFeatures = new WeakMap<PinnedExpression, (values: Record<string, Value>) => Value>();

/**
 * The function of a feature, compiled once: from values by variable, as `admitted` gives them, to the feature's. What neither JSON nor a
 * model's input can hold is null: numbers that are not finite, integers beyond 2^53 and years beyond 1 to 9999.
 */
export function compiledOnDemand(feature: PinnedExpression): (values: Record<string, Value>) => Value {
  const known = compiledFeatures.get(feature);
  if (known) return known;
  const types = Object.fromEntries(feature.variables.map(({ name, type }) => [name, type]));
  const evaluate = compileExpression(parseExpression(feature.expression, types));
  const compiled = (values: Record<string, Value>) => answered(feature.type, evaluate(values));
  compiledFeatures.set(feature, compiled);
  return compiled;
}

const leastTime = parseExactMicroseconds('0001-01-01')!;
const greatestTime = parseExactMicroseconds('9999-12-31T23:59:59.999999Z')!;

function answered(type: ColumnType, value: Value): Value {
  if (type === 'number') return Number.isFinite(Number(value)) ? asNumber(value) : null;
  if (typeof value !== 'bigint') return value;
  const isHeld = type === 'integer' ? isSafe(value) : value >= leastTime && value <= greatestTime;
  return isHeld ? value : null;
}

/** An expression of whole numbers may be declared a number. */
const asNumber = (value: Value): Value => (typeof value === 'bigint' ? Number(value) : value);
const isSafe = (value: bigint): boolean => Number.isSafeInteger(Number(value));

/** A value as it is computed with; a number that is not finite is null, as it is where values are kept. Throws InvalidEntities. */
export function admitted(variable: Variable, value: Value): Value {
  if (variable.type === 'number') return Number.isFinite(value) ? value : null;
  if (variable.type === 'integer' && typeof value === 'bigint' && !isSafe(value))
    throw unreadable(variable, value);
  return value;
}

function readValue(variable: Variable, given: FeatureValue): Value {
  if (given === null) return null;
  const value = typedValue(variable.type, given);
  if (value === undefined) throw unreadable(variable, given);
  return value;
}

function typedValue(type: ColumnType, given: NonNullable<FeatureValue>): Value | undefined {
  switch (type) {
    case 'number':
      return typeof given === 'number' ? given : undefined;
    case 'integer':
      return Number.isSafeInteger(given) ? BigInt(given) : undefined;
    case 'boolean':
      return typeof given === 'boolean' ? given : undefined;
    case 'string':
      return typeof given === 'string' ? given.toWellFormed() : undefined;
    case 'timestamp':
      return typeof given === 'string' ? parseExactMicroseconds(given) : undefined;
  }
}

const expected: Readonly<Record<ColumnType, string>> = {
  number: 'a number',
  integer: 'a whole number of at most 2^53',
  boolean: 'true or false',
  string: 'a text',
  timestamp: 'a time such as 2026-11-28T09:08:16Z',
};

function unreadable({ type, from }: Variable, value: NonNullable<Value>): AppError {
  const name = 'request' in from ? `'${from.request}'` : `Feature '${from.feature}' of view '${from.view}'`;
  const shown = typeof value === 'bigint' ? String(value) : JSON.stringify(value).slice(0, 60);
  return new AppError(
    'invalid_input',
    'InvalidEntities',
    `${name} is ${shown}; ${expected[type]} is expected.`,
  );
}

function writtenValue(type: ColumnType, value: Value): FeatureValue {
  if (typeof value !== 'bigint') return value;
  return type === 'timestamp' ? microsecondsText(value) : Number(value);
}
