import { timestampOf } from '#shared/expressions/timestamps.ts';
import type { ColumnRule } from '../contract.ts';
import { type DefinitionViolation, violationWhere } from './violation.ts';

type ColumnType = ColumnRule['type'];
type Bound = NonNullable<ColumnRule['min']>;

/** Whether a value that a project file allows can stand in a column of the type. */
export function isOfType(value: string | number | boolean, type: ColumnType): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'timestamp') return typeof value === 'string' && timestampOf(value) !== undefined;
  return typeof value === type;
}

/** The first of the values that cannot stand in the column. */
export function valueViolations(
  path: readonly (string | number)[],
  values: readonly (string | number | boolean)[],
  name: string,
  type: ColumnType,
): DefinitionViolation[] {
  const index = values.findIndex((value) => !isOfType(value, type));
  return violationWhere(
    index >= 0,
    [...path, index],
    `${JSON.stringify(values[index])} is no value of type ${type}, which '${name}' has${type === 'timestamp' ? "; times are written as ISO 8601 has them: '2026-01-31'" : ''}`,
  );
}

/** What is wrong with a least and a greatest value of a column. */
export function boundViolations(
  path: readonly (string | number)[],
  bounds: { readonly min?: Bound | undefined; readonly max?: Bound | undefined },
  name: string,
  type: ColumnType,
): DefinitionViolation[] {
  const wrong = (['min', 'max'] as const).flatMap((bound) => {
    const value = bounds[bound];
    return value === undefined ? [] : boundViolation([...path, bound], bound, value, name, type);
  });
  if (wrong.length > 0 || bounds.min === undefined || bounds.max === undefined) return wrong;
  return violationWhere(
    comparable(bounds.min) > comparable(bounds.max),
    [...path, 'min'],
    `min (${bounds.min}) is above max (${bounds.max}), so that no value could be right; swap them`,
  );
}

function boundViolation(
  path: readonly (string | number)[],
  bound: 'min' | 'max',
  value: Bound,
  name: string,
  type: ColumnType,
): DefinitionViolation[] {
  if (type === 'timestamp')
    return violationWhere(
      !isOfType(value, type),
      path,
      `${JSON.stringify(value)} is no time; '${name}' is timestamp, whose ${bound} is written as ISO 8601 has it: '2026-01-31' or '2026-01-31T12:00:00Z'`,
    );
  if (type === 'number' || type === 'integer')
    return violationWhere(
      typeof value !== 'number',
      path,
      `${JSON.stringify(value)} is text; '${name}' is ${type}, whose ${bound} is written without quotes`,
    );
  const cure =
    type === 'string'
      ? 'Bound its length by minLength and maxLength, or list the values in allowed'
      : 'List the values in allowed';
  return [
    {
      path,
      message: `${bound} is for columns of type number, integer or timestamp; '${name}' is ${type}. ${cure}`,
    },
  ];
}

const comparable = (bound: Bound): Bound =>
  typeof bound === 'string' ? (timestampOf(bound) ?? bound) : bound;
