import type * as z from 'zod';
import { AwsError } from '../../emulated-service.ts';

/**
 * Checks the input of an operation.
 * @throws AwsError ValidationException worded as the service words it, listing every violation.
 */
export function parseInput<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => describeIssue(issue, body));
  const count = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`;
  throw validationError(`${count} detected: ${problems.join('; ')}`);
}

/** An error about the content of a request. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

function describeIssue(issue: z.core.$ZodIssue, body: unknown): string[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(
      (key) =>
        `Value at '${memberPath([...issue.path, key])}' failed to satisfy constraint: Member is unknown to SageMaker or not supported by the laptop runtime`,
    );
  // A member of a union or map that fails carries the issues of the value inside.
  if (issue.code === 'invalid_key')
    return issue.issues.flatMap((inner) =>
      describeIssue({ ...inner, path: [...issue.path, ...inner.path] }, body),
    );
  const value = valueAt(body, issue.path);
  const shown =
    value === undefined ? 'null' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return [
    `Value '${shown}' at '${memberPath(issue.path)}' failed to satisfy constraint: ${constraintText(issue, value)}`,
  ];
}

function constraintText(issue: z.core.$ZodIssue, value: unknown): string {
  if (value === undefined || value === null) return 'Member must not be null';
  switch (issue.code) {
    case 'invalid_format':
      return `Member must satisfy regular expression pattern: ${patternSource(String(issue.pattern ?? ''))}`;
    case 'invalid_value':
      return `Member must satisfy enum value set: [${issue.values.map(String).join(', ')}]`;
    case 'too_small':
      return `Member must have ${measured(issue.origin)} greater than or equal to ${issue.minimum}`;
    case 'too_big':
      return `Member must have ${measured(issue.origin)} less than or equal to ${issue.maximum}`;
    case 'invalid_type':
      return `Member must be of type ${issue.expected}`;
    default:
      return issue.message;
  }
}

/** `/^a\/b$/u` as the service writes it: `a/b`. */
function patternSource(literal: string): string {
  return literal.replace(/^\/\^|\$\/u?$/g, '').replaceAll('\\/', '/');
}

function measured(origin: string): string {
  return origin === 'number' || origin === 'int' ? 'value' : 'length';
}

/** `InputDataConfig.0.ChannelName` as the service writes it: `inputDataConfig.1.member.channelName`. */
function memberPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) =>
      typeof part === 'number'
        ? `${part + 1}.member`
        : `${String(part).slice(0, 1).toLowerCase()}${String(part).slice(1)}`,
    )
    .join('.');
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  let value = body;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}
