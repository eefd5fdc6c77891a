import { patternFault } from '#shared/expressions/pattern.ts';
import type { ColumnRule, DataContract } from '../contract.ts';
import { boundViolations, valueViolations } from './values.ts';
import { type DefinitionViolation, ruleOf, unknownColumn, violationWhere } from './violation.ts';

/** What must hold for the columns by themselves: names, bounds, patterns and allowed values. */
export function columnViolations({ columns }: DataContract): DefinitionViolation[] {
  return [
    ...Object.entries(columns).flatMap(([name, rule]) => ruleViolations(name, rule)),
    ...nameViolations(Object.keys(columns)),
  ];
}

function ruleViolations(name: string, rule: ColumnRule): DefinitionViolation[] {
  const path = ['columns', name];
  return [
    ...boundViolations(path, rule, name, rule.type),
    ...valueViolations([...path, 'allowed'], rule.allowed ?? [], name, rule.type),
    ...(['pattern', 'minLength', 'maxLength'] as const).flatMap((member) =>
      violationWhere(
        rule[member] !== undefined && rule.type !== 'string',
        [...path, member],
        `${member} is for columns of type string; '${name}' is ${rule.type}. Leave it out`,
      ),
    ),
    ...patternViolations([...path, 'pattern'], rule.pattern),
    ...formatViolations([...path, 'format'], name, rule),
  ];
}

/** What is wrong with a regular expression, where there is one. */
export function patternViolations(
  path: readonly (string | number)[],
  pattern: string | undefined,
): DefinitionViolation[] {
  const fault = pattern === undefined ? undefined : patternFault(pattern);
  return fault === undefined ? [] : [{ path, message: fault }];
}

/** Letters of strptime that DuckDB reads. */
const formatLetters = /^(?:[^%]|%(?:-?[dmHIMSyj]|[YbBaApfgnzZ%]))*$/;
const dayInFormat =
  /%(?:Y|-?y).*%(?:-?m|b|B).*%-?d|%-?d.*%(?:-?m|b|B).*%(?:Y|-?y)|%(?:-?m|b|B).*%-?d.*%(?:Y|-?y)|%(?:Y|-?y).*%-?j/s;

function formatViolations(
  path: readonly (string | number)[],
  name: string,
  { format, type }: ColumnRule,
): DefinitionViolation[] {
  if (format === undefined) return [];
  if (type !== 'timestamp')
    return [{ path, message: `format is for columns of type timestamp; '${name}' is ${type}. Leave it out` }];
  if (!formatLetters.test(format))
    return [
      {
        path,
        message: `'${format}' has letters that mean nothing after %; known are %Y %y %m %b %B %d %j %H %I %p %M %S %f %z and %%`,
      },
    ];
  return violationWhere(
    !dayInFormat.test(format),
    path,
    `'${format}' names no whole day; it needs a year, a month and a day, such as %d.%m.%Y`,
  );
}

function nameViolations(names: readonly string[]): DefinitionViolation[] {
  const seen = new Map<string, string>();
  return names.flatMap((name) => {
    const path = ['columns', name];
    const twin = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    if (twin !== undefined)
      return [{ path, message: `'${name}' and '${twin}' differ only by case; rename one of them` }];
    if (name.startsWith('_'))
      return [{ path, message: `'${name}' begins with _, which the platform keeps for columns of its own` }];
    return [];
  });
}

/** What must hold for the columns that identify and date a row. */
export function keyViolations({ columns, primaryKey, eventTime }: DataContract): DefinitionViolation[] {
  const dated = eventTime === undefined ? undefined : ruleOf(columns, eventTime);
  return [
    ...unknownColumn(['primaryKey'], primaryKey, columns),
    ...violationWhere(
      ruleOf(columns, primaryKey)?.nullable === true,
      ['columns', primaryKey, 'nullable'],
      `the primary key '${primaryKey}' must not be nullable`,
    ),
    ...(eventTime === undefined ? [] : unknownColumn(['eventTime'], eventTime, columns)),
    ...violationWhere(
      dated !== undefined && dated.type !== 'timestamp',
      ['eventTime'],
      `'${eventTime}' is ${dated?.type}; an event time is a column of type timestamp`,
    ),
  ];
}
