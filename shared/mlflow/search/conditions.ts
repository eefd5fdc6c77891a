import { RE2JS } from 're2js';
import type { Clause, ClauseValue } from './clauses.ts';
import type { Field, Operator } from './entity.ts';
import { likeMatcher } from './like.ts';
import { invalidSearch, shownList } from './tokens.ts';
import type { SearchValue } from './values.ts';

/** What must hold of a value; `missing` and `present` ask for the key alone. */
export type Condition = ((value: SearchValue) => boolean) | 'missing' | 'present';

/** Checks operator and value of a comparison against its field. Throws InvalidSearch that says what is allowed. */
export function conditionOf(field: Field, { operator, value }: Clause): Condition {
  if (!isAllowed(field, operator)) {
    throw invalidSearch(
      `Invalid comparator '${operator}' not one of '${shownList(field.operators)}' for ${field.label} '${field.key}'`,
    );
  }
  if (operator === 'IS NULL') return 'missing';
  if (operator === 'IS NOT NULL') return 'present';
  if (operator === 'IN' || operator === 'NOT IN') return listCondition(field, operator, value);
  if (value.kind === 'list') throw invalidSearch(field.listRefusal ?? listNeedsIn(field, operator));
  switch (field.values) {
    case 'number':
      return numericCondition(operator, wantedNumber(field, value));
    case 'string':
      return textCondition(operator, wantedText(field, value));
    case 'assessment':
      return assessmentCondition(field, operator, value);
  }
}

const isAllowed = ({ operators }: Field, operator: string): operator is Operator =>
  (operators as readonly string[]).includes(operator);

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

function textCondition(operator: Operator, wanted: string): (value: SearchValue) => boolean {
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
      const expression = regularExpression(wanted);
      return (value) => expression.matcher(String(value)).find();
    }
    default:
      throw new Error(`${operator} compares no texts`);
  }
}

/** RE2 takes time in proportion to the text, whatever a caller's expression is; it has no look-around and no back-references. */
function regularExpression(expression: string): RE2JS {
  try {
    return RE2JS.compile(expression);
  } catch (cause) {
    throw invalidSearch(
      `Invalid regular expression '${expression.slice(0, 200)}' for RLIKE: ${(cause as Error).message}. The syntax is RE2's.`,
    );
  }
}

function listCondition(field: Field, operator: 'IN' | 'NOT IN', value: ClauseValue): Condition {
  if (value.kind !== 'list') {
    throw invalidSearch(
      `Expected a list of quoted string values for ${field.label} '${field.key}' (e.g. ('a', 'b')). Got value ${shownText(value)}`,
    );
  }
  const wanted = new Set<string>(value.values);
  return operator === 'IN' ? (given) => wanted.has(String(given)) : (given) => !wanted.has(String(given));
}

/** Order is for numbers; all else compares with the value as a text, or as its JSON. */
function assessmentCondition(field: Field, operator: Operator, value: ClauseValue): Condition {
  const isOrder = ['<', '<=', '>', '>='].includes(operator);
  if (!isOrder) return textCondition(operator, wantedText(field, value));
  if (value.kind === 'number') return numericCondition(operator, value.value);
  throw invalidSearch(
    `Expected a numeric value for ${field.label} when using comparator '${operator}'. Got value ${shownText(value)}`,
  );
}

function wantedNumber(field: Field, value: ClauseValue): number {
  if (value.kind === 'number') return value.value;
  if (field.quotedNumbers && value.kind === 'string' && /^\s*-?\d+\s*$/.test(value.value))
    return Number(value.value);
  if (field.kind === 'metric') {
    throw invalidSearch(`Expected numeric value type for metric. Found ${shownText(value)}`);
  }
  throw invalidSearch(
    `Expected numeric value type for numeric attribute: ${field.key}. Found ${shownText(value)}`,
  );
}

function wantedText(field: Field, value: ClauseValue): string {
  if (value.kind === 'string') return value.value;
  if (value.kind === 'word') {
    throw invalidSearch(
      `Parameter value is either not quoted or unidentified quote types used for string value ${shownText(value)}. Use either single or double quotes.`,
    );
  }
  const what =
    field.kind === 'attribute' ? 'attributes' : field.kind === 'dataset' ? 'dataset attributes' : field.label;
  throw invalidSearch(
    `Expected a quoted string value for ${what} (e.g. 'my-value'). Got value ${shownText(value)}`,
  );
}

const listNeedsIn = (field: Field, operator: string): string =>
  `A list of values is compared by IN or NOT IN, not by '${operator}': ${field.label} '${field.key}'.`;

const shownText = (value: ClauseValue): string => ('text' in value ? value.text.slice(0, 200) : 'nothing');
