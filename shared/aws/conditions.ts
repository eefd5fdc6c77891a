import type { Condition } from './table-types.ts';

/** A condition as DynamoDB takes it. */
export interface Expression {
  readonly expression?: string;
  readonly names?: Record<string, string>;
  readonly values?: Record<string, unknown>;
}

export function conditionExpression(condition: Condition): Expression {
  if ('absent' in condition) return { expression: 'attribute_not_exists(#c)', names: { '#c': 'pk' } };
  if ('present' in condition) return { expression: 'attribute_exists(#c)', names: { '#c': 'pk' } };
  const lenient = 'absentOrEquals' in condition;
  const entries = Object.entries(lenient ? condition.absentOrEquals : condition.equals);
  const missing = (i: number) => `attribute_not_exists(#c${i})`;
  return {
    expression: entries
      .map(([, value], i) =>
        value === undefined ? missing(i) : lenient ? `(${missing(i)} OR #c${i} = :c${i})` : `#c${i} = :c${i}`,
      )
      .join(' AND '),
    names: Object.fromEntries(entries.map(([name], i) => [`#c${i}`, name])),
    values: Object.fromEntries(
      entries.flatMap(([, value], i) => (value === undefined ? [] : [[`:c${i}`, value]])),
    ),
  };
}

export function namesAndValues(condition: Expression): {
  ConditionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
} {
  if (!condition.expression) return {};
  return {
    ConditionExpression: condition.expression,
    ExpressionAttributeNames: condition.names ?? {},
    ...valuesOf(condition.values ?? {}),
  };
}

export function valuesOf(values: Record<string, unknown>): {
  ExpressionAttributeValues?: Record<string, unknown>;
} {
  return Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {};
}
