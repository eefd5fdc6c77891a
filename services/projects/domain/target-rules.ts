import type { ColumnRule, ProjectDefinition, Target } from '../contract.ts';
import { isOfType } from './values.ts';
import { type DefinitionViolation, ruleOf, unknownColumn } from './violation.ts';

/** What must hold between the task, the target's column and its classes. */
export function targetViolations(
  { data }: Pick<ProjectDefinition, 'data'>,
  target: Target,
): DefinitionViolation[] {
  const rule = ruleOf(data.columns, target.column);
  if (!rule) return unknownColumn(['target', 'column'], target.column, data.columns);
  if (target.column === data.primaryKey || target.column === data.eventTime) {
    return [
      {
        path: ['target', 'column'],
        message: `'${target.column}' is the primary key or the event time; a target is another column`,
      },
    ];
  }
  const isRegression = target.task === 'regression';
  const fits = isRegression ? ['number', 'integer'] : ['integer', 'number', 'boolean', 'string'];
  if (!fits.includes(rule.type)) {
    return [
      {
        path: ['target', 'task'],
        message: `${target.task} needs a target of type ${fits.join(' or ')}; '${target.column}' is ${rule.type}`,
      },
    ];
  }
  return isRegression ? [] : classViolations(target, rule);
}

function classViolations(target: Target, rule: ColumnRule): DefinitionViolation[] {
  const allowed = rule.allowed ?? [];
  const isBinary = target.task === 'binary_classification';
  if (rule.allowed && (isBinary ? allowed.length !== 2 : allowed.length < 2)) {
    return [
      {
        path: ['data', 'columns', target.column, 'allowed'],
        message: `${target.task} needs ${isBinary ? 'exactly 2' : 'at least 2'} classes; '${target.column}' allows ${allowed.length}`,
      },
    ];
  }
  if (!isBinary) return [];
  const path = ['target', 'positiveClass'];
  if (!isOfType(target.positiveClass, rule.type)) {
    return [
      {
        path,
        message: `positiveClass is ${JSON.stringify(target.positiveClass)}, but '${target.column}' is ${rule.type}; set positiveClass to the ${rule.type} value that counts as positive`,
      },
    ];
  }
  if (rule.allowed && !allowed.includes(target.positiveClass)) {
    return [
      {
        path,
        message: `positiveClass ${JSON.stringify(target.positiveClass)} is none of the values that '${target.column}' allows: ${allowed.map((value) => JSON.stringify(value)).join(', ')}`,
      },
    ];
  }
  return [];
}
