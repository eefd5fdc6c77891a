import type { AnswerOf } from '../api/operations.ts';

type Data = AnswerOf<'readProject'>['definition']['data'];
type ColumnRule = Data['columns'][string];
type Rule = Data['rules'][number];

const shownValues = 8;

/** What a column's values must be, in one line. */
export function columnText(rule: ColumnRule): string {
  const { nullable, min, max, allowed, pattern, minLength, maxLength, unique, format } = rule;
  return [
    nullable ? 'may be missing' : 'never missing',
    boundsText(min, max),
    allowed && `one of ${valuesText(allowed)}`,
    pattern && `matches ${pattern}`,
    boundsText(minLength, maxLength, ' characters'),
    unique && 'unique',
    format && `written ${format}`,
  ]
    .filter(Boolean)
    .join('; ');
}

/** What a rule asks for, in one line. */
export function ruleText(rule: Rule): string {
  const mostly =
    'mostly' in rule && rule.mostly !== undefined ? ` in ${rule.mostly * 100} % of the rows` : '';
  return `${conditionText(rule)}${mostly}`;
}

function conditionText(rule: Rule): string {
  switch (rule.check) {
    case 'not_null':
      return `${rule.column} is never missing`;
    case 'range':
      return `${rule.column} ${boundsText(rule.min, rule.max)}`;
    case 'allowed':
      return `${rule.column} is one of ${valuesText(rule.values)}`;
    case 'pattern':
      return `${rule.column} matches ${rule.pattern}`;
    case 'length':
      return `${rule.column} has ${boundsText(rule.min, rule.max, ' characters')}`;
    case 'unique':
      return `${rule.columns.join(', ')} together come once`;
    case 'expression':
      return rule.sql;
    case 'references':
      return `${rule.columns.join(', ')} in ${rule.to.columns.join(', ')} of ${rule.to.project} (${rule.to.datasetVersion})`;
    case 'outliers':
      return `${rule.column} is no outlier by ${rule.method}${rule.threshold === undefined ? '' : ` beyond ${rule.threshold}`}`;
    case 'row_count':
      return `the dataset has ${boundsText(rule.min, rule.max, ' rows')}`;
    case 'row_count_change':
      return `rows change by ${boundsText(negative(rule.maxDecreaseShare), percent(rule.maxIncreaseShare), ' %')}`;
    case 'null_share':
      return `${rule.column} is missing in at most ${rule.max * 100} % of the rows`;
    case 'freshness':
      return `the newest ${rule.column} is at most ${rule.maxAgeHours} hours old`;
    case 'distribution':
      return `${rule.column} moved by at most ${rule.max ?? 'the usual'} (${rule.method}) since ${rule.reference}`;
  }
}

const percent = (share: number | undefined) => (share === undefined ? undefined : share * 100);
const negative = (share: number | undefined) => (share === undefined ? undefined : -share * 100);

function boundsText(min: number | string | undefined, max: number | string | undefined, unit = ''): string {
  if (min !== undefined && max !== undefined) return `${min} to ${max}${unit}`;
  if (min !== undefined) return `at least ${min}${unit}`;
  return max === undefined ? '' : `at most ${max}${unit}`;
}

function valuesText(values: readonly (string | number | boolean)[]): string {
  const shown = values.slice(0, shownValues).map(String).join(', ');
  return values.length > shownValues ? `${shown} and ${values.length - shownValues} more` : shown;
}
