import type { CheckResult } from '../contract.ts';

/** Checks that a row keeps or breaks by itself: what they find is quarantined or warned of, and fails a version only where the rule says `mostly`. */
export const rowChecks: ReadonlySet<CheckResult['check']> = new Set([
  'type',
  'not_null',
  'range',
  'allowed',
  'pattern',
  'length',
  'unique',
  'expression',
  'references',
  'outliers',
]);
