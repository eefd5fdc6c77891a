import { UnsupportedResource } from '../emulated-service.ts';
import { type CompiledPattern, compilePattern, type PolicyContext } from './pattern.ts';

/** One `operator: { key: values }` of a statement. */
export type CompiledCondition = (context: PolicyContext) => boolean;

type Comparison = (value: string, expected: CompiledPattern, context: PolicyContext) => boolean;

const equals: Comparison = (value, expected, context) =>
  /[*?]|\$\{/.test(expected.source)
    ? compilePattern(escapeWildcards(expected.source)).matches(value, context)
    : expected.source === value;
const like: Comparison = (value, expected, context) => expected.matches(value, context);
const sameBoolean: Comparison = (value, expected) => expected.source.toLowerCase() === value.toLowerCase();
const equalsIgnoringCase: Comparison = (value, expected) =>
  expected.source.toLowerCase() === value.toLowerCase();

/** Operators as in the IAM user guide, "IAM JSON policy elements: Condition operators"; a negated one is true for an absent key. */
const operators: Readonly<Record<string, { compare: Comparison; negated: boolean }>> = {
  StringEquals: { compare: equals, negated: false },
  StringNotEquals: { compare: equals, negated: true },
  StringEqualsIgnoreCase: { compare: equalsIgnoringCase, negated: false },
  StringLike: { compare: like, negated: false },
  StringNotLike: { compare: like, negated: true },
  ArnEquals: { compare: like, negated: false },
  ArnLike: { compare: like, negated: false },
  ArnNotEquals: { compare: like, negated: true },
  ArnNotLike: { compare: like, negated: true },
  Bool: { compare: sameBoolean, negated: false },
};

/** Compiles a Condition block. Throws UnsupportedResource for operators that are not decided here. */
export function compileConditions(
  source: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  type: string,
  statementId: string,
): CompiledCondition[] {
  return Object.entries(source).flatMap(([operatorName, keys]) =>
    Object.entries(keys).map(([key, expected]) => {
      const values = [expected].flat().map(String);
      const condition = compileOne(operatorName, key.toLowerCase(), values);
      if (condition !== undefined) return condition;
      throw new UnsupportedResource(
        type,
        `statement ${statementId}: condition operator ${operatorName}`,
        `Use one of ${Object.keys(operators).join(', ')}, Null (each but Null also with IfExists, ForAllValues: or ForAnyValue:).`,
      );
    }),
  );
}

function compileOne(
  operatorName: string,
  key: string,
  values: readonly string[],
): CompiledCondition | undefined {
  if (operatorName === 'Null') {
    return (context) => values.some((value) => (value.toLowerCase() === 'true') === !context.has(key));
  }
  const parts = /^(?:(ForAllValues|ForAnyValue):)?(.+?)(IfExists)?$/.exec(operatorName);
  const operator = operators[parts?.[2] ?? ''];
  if (operator === undefined) return undefined;
  const { compare, negated } = operator;
  // A context value here is always one value, so that a set operator decides only what an absent key means.
  const trueIfAbsent =
    parts?.[1] === 'ForAllValues' || parts?.[3] !== undefined || (negated && parts?.[1] === undefined);
  const patterns = values.map(compilePattern);
  return (context) => {
    const value = context.get(key);
    if (value === undefined) return trueIfAbsent;
    return patterns.some((pattern) => compare(value, pattern, context)) !== negated;
  };
}

/** StringEquals takes `*` and `?` literally, though variables still stand for their values. */
function escapeWildcards(source: string): string {
  return source.replace(/\$\{[^}]*\}|[*?]/g, (part) => (part.length > 1 ? part : `\${${part}}`));
}
