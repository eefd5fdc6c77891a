import type { ColumnRule, ProjectDefinition } from '../contract.ts';
import { type DefinitionViolation, ruleOf, unknownColumn } from './violation.ts';

/** What must hold for the columns by themselves: names, bounds and allowed values. */
export function columnViolations({ data }: ProjectDefinition): DefinitionViolation[] {
  return [
    ...Object.entries(data.columns).flatMap(([name, rule]) => ruleViolations(name, rule)),
    ...nameViolations(Object.keys(data.columns)),
  ];
}

function ruleViolations(name: string, rule: ColumnRule): DefinitionViolation[] {
  const at = (member: string) => ['data', 'columns', name, member];
  const isNumeric = rule.type === 'number' || rule.type === 'integer';
  return [
    ...(['min', 'max'] as const)
      .filter((bound) => rule[bound] !== undefined && !isNumeric)
      .map((bound) => ({
        path: at(bound),
        message: `${bound} is for columns of type number or integer; '${name}' is ${rule.type}. Leave it out, or list the values in allowed`,
      })),
    ...(rule.allowed ?? [])
      .filter((value) => !isOfType(value, rule.type))
      .slice(0, 1)
      .map((value) => ({
        path: at('allowed'),
        message: `${JSON.stringify(value)} is no value of type ${rule.type}, which '${name}' has`,
      })),
  ];
}

/** Whether a value that a project file allows can stand in a column of the type. */
export function isOfType(value: string | number | boolean, type: ColumnRule['type']): boolean {
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === (type === 'timestamp' ? 'string' : type);
}

function nameViolations(names: readonly string[]): DefinitionViolation[] {
  const seen = new Map<string, string>();
  return names.flatMap((name) => {
    const path = ['data', 'columns', name];
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
export function keyViolations({ data, target }: ProjectDefinition): DefinitionViolation[] {
  const key = ruleOf(data.columns, data.primaryKey);
  const eventTime = data.eventTime === undefined ? undefined : ruleOf(data.columns, data.eventTime);
  return [
    ...unknownColumn(['data', 'primaryKey'], data.primaryKey, data.columns),
    ...(key?.nullable
      ? [
          {
            path: ['data', 'columns', data.primaryKey, 'nullable'],
            message: `the primary key '${data.primaryKey}' must not be nullable`,
          },
        ]
      : []),
    ...(data.eventTime === undefined
      ? []
      : unknownColumn(['data', 'eventTime'], data.eventTime, data.columns)),
    ...(eventTime && eventTime.type !== 'timestamp'
      ? [
          {
            path: ['data', 'eventTime'],
            message: `'${data.eventTime}' is ${eventTime.type}; an event time is a column of type timestamp`,
          },
        ]
      : []),
    ...([data.primaryKey, data.eventTime].includes(target.column)
      ? [
          {
            path: ['target', 'column'],
            message: `'${target.column}' is the primary key or the event time; a target is another column`,
          },
        ]
      : []),
  ];
}
