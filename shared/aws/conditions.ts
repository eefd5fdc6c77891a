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
  const { entries, operator, isLenient } = comparisonOf(condition);
  const missing = (i: number) => `attribute_not_exists(#c${i})`;
  const compared = (i: number) => `#c${i} ${operator} :c${i}`;
  return {
    expression: entries
      .map(([, value], i) =>
        value === undefined ? missing(i) : isLenient ? `(${missing(i)} OR ${compared(i)})` : compared(i),
      )
      .join(' AND '),
    names: Object.fromEntries(entries.map(([name], i) => [`#c${i}`, name])),
    values: Object.fromEntries(
      entries.flatMap(([, value], i) => (value === undefined ? [] : [[`:c${i}`, value]])),
    ),
  };
}

type Comparison = Exclude<Condition, { absent: true } | { present: true }>;

function comparisonOf(condition: Comparison) {
  if ('absentOrAtMost' in condition)
    return { entries: Object.entries(condition.absentOrAtMost), operator: '<=', isLenient: true };
  if ('absentOrEquals' in condition)
    return { entries: Object.entries(condition.absentOrEquals), operator: '=', isLenient: true };
  return { entries: Object.entries(condition.equals), operator: '=', isLenient: false };
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
