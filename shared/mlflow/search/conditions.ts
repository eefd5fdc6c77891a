import type { Clause, ClauseValue } from './clauses.ts';
import type { Field, Operator } from './entity.ts';
import { likeMatcher } from './like.ts';
import { invalidSearch, shownList } from './tokens.ts';
import type { SearchValue } from './values.ts';

/** What must hold of a value; `missing` and `present` ask for the key alone. */
export type Condition = ((value: SearchValue) => boolean) | 'missing' | 'present';

/**
 * Checks value and operator of a comparison against its field, in this order, as MLflow does. Throws InvalidSearch that says what
 * is allowed.
 */
export function conditionOf(field: Field, { operator, value }: Clause): Condition {
  if (operator === 'IS NULL' || operator === 'IS NOT NULL') return presenceCondition(field, operator);
  if (operator === 'IN' || operator === 'NOT IN' || value.kind === 'list') {
    if (takesLists(field) || value.kind === 'list') return listCondition(field, operator, value);
  }
  if (field.values === 'assessment') return assessmentCondition(field, allowed(field, operator), value);
  if (field.values === 'number') {
    const wanted = wantedNumber(field, value);
    return numericCondition(allowed(field, operator), wanted);
  }
  const wanted = wantedText(field, value);
  return textCondition(field, allowed(field, operator), wanted);
}

const takesLists = ({ operators }: Field): boolean => operators.includes('IN');

function allowed(field: Field, operator: string): Operator {
  const found = field.operators.find((known) => known === operator);
  if (found) return found;
  throw invalidSearch(
    `Invalid comparator '${operator}' not one of '${shownList(field.operators)}' for ${field.label} '${field.key}'`,
  );
}

function presenceCondition(field: Field, operator: 'IS NULL' | 'IS NOT NULL'): Condition {
  if (field.operators.includes(operator)) return operator === 'IS NULL' ? 'missing' : 'present';
  throw invalidSearch(
    `IS NULL / IS NOT NULL is only supported for tags and params, not for '${field.label}' '${field.key}'`,
  );
}

function numericCondition(operator: Operator, wanted: number): (value: SearchValue) => boolean {
  switch (operator) {
    case '=':
      return (value) => value === wanted;
    case '!=':
      return (value) => value !== wanted;
    case '<':
      return (value) => typeof value === 'number' && value < wanted;
    case '<=':
      return (value) => typeof value === 'number' && value <= wanted;
    case '>':
      return (value) => typeof value === 'number' && value > wanted;
    case '>=':
      return (value) => typeof value === 'number' && value >= wanted;
    default:
      throw new Error(`${operator} compares no numbers`);
  }
}

function textCondition(field: Field, operator: Operator, wanted: string): (value: SearchValue) => boolean {
  switch (operator) {
    case '=':
      return (value) => String(value) === wanted;
    case '!=':
      return (value) => String(value) !== wanted;
    case 'LIKE':
    case 'ILIKE': {
      const fits = likeMatcher(wanted, operator === 'LIKE');
      return (value) => fits(String(value));
    }
    case 'RLIKE': {
      const fits = field.expressionMatcher?.(wanted);
      if (!fits) throw new Error(`No regular expressions for ${field.label} '${field.key}'`);
      return (value) => fits(String(value));
    }
    default:
      throw new Error(`${operator} compares no texts`);
  }
}

function listCondition(field: Field, operator: string, value: ClauseValue): Condition {
  if (value.kind !== 'list') {
    throw invalidSearch(
      `Expected a list of quoted string values for ${field.label} '${field.key}' (e.g. ('a', 'b')). Got value ${shownText(value)}`,
    );
  }
  if (!takesLists(field)) throw listRefused(field, value);
  const wanted = new Set<string>(value.values);
  switch (allowed(field, operator)) {
    case 'IN':
      return (given) => wanted.has(String(given));
    case 'NOT IN':
      return (given) => !wanted.has(String(given));
    default:
      throw invalidSearch(
        `A list of values is compared by IN or NOT IN, not by '${operator}': ${field.label} '${field.key}'.`,
      );
  }
}

function listRefused(field: Field, value: ClauseValue): Error {
  if (field.values === 'number') return numberExpected(field, value);
  if (field.kind !== 'attribute') return textExpected(field, value);
  return invalidSearch(
    `Only ${shownList(field.listedAttributes)} attributes support comparison with a list of quoted string values.`,
  );
}

/** Order is for numbers; all else compares with the value as a text, or as its JSON. */
function assessmentCondition(field: Field, operator: Operator, value: ClauseValue): Condition {
  const isOrder = ['<', '<=', '>', '>='].includes(operator);
  if (!isOrder) return textCondition(field, operator, wantedText(field, value));
  if (value.kind === 'number') return numericCondition(operator, value.value);
  throw invalidSearch(
    `Expected a numeric value for ${field.label} when using comparator '${operator}'. Got value ${shownText(value)}`,
  );
}

function wantedNumber(field: Field, value: ClauseValue): number {
  if (value.kind === 'number') return value.value;
  if (field.quotedNumbers && value.kind === 'string' && /^\s*-?\d+\s*$/.test(value.value))
    return Number(value.value);
  throw numberExpected(field, value);
}

function numberExpected(field: Field, value: ClauseValue): Error {
  const what = field.kind === 'metric' ? 'metric' : `numeric attribute: ${field.key}`;
  return invalidSearch(`Expected numeric value type for ${what}. Found ${shownText(value)}`);
}

function wantedText(field: Field, value: ClauseValue): string {
  if (value.kind === 'string') return value.value;
  if (value.kind === 'word') {
    throw invalidSearch(
      `Parameter value is either not quoted or unidentified quote types used for string value ${shownText(value)}. Use either single or double quotes.`,
    );
  }
  throw textExpected(field, value);
}

function textExpected(field: Field, value: ClauseValue): Error {
  const what =
    field.kind === 'attribute'
      ? 'attributes'
      : field.kind === 'dataset'
        ? 'dataset attributes'
        : `${field.label} (e.g. 'my-value')`;
  return invalidSearch(`Expected a quoted string value for ${what}. Got value ${shownText(value)}`);
}

const shownText = (value: ClauseValue): string => ('text' in value ? value.text.slice(0, 200) : 'nothing');
