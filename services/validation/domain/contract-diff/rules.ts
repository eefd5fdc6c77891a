import type { ContractRule } from '#services/projects/contract.ts';
import { type Change, type Comparison, compareMembers, type Reach, shown } from './members.ts';

const bounds: Comparison['members'] = {
  min: 'least',
  max: 'greatest',
  mostly: 'least',
  maxDecreaseShare: 'greatest',
  maxIncreaseShare: 'greatest',
  maxAgeHours: 'greatest',
  threshold: 'greatest',
  minRows: 'least',
  values: 'set',
  pattern: 'condition',
  sql: 'condition',
  columns: 'condition',
  to: 'condition',
  method: 'condition',
  reference: 'condition',
};
const forPeople: Comparison['members'] = { owner: () => 'changed', note: () => 'changed' };
const ofDatasets: ReadonlySet<ContractRule['check']> = new Set([
  'row_count',
  'row_count_change',
  'null_share',
  'freshness',
  'distribution',
]);

/** Changes of rules: the same rule is the one of the same name, else the next of the same check and columns. */
export function compareRules(before: readonly ContractRule[], after: readonly ContractRule[]): Change[] {
  const [old, now] = [byKey(before), byKey(after)];
  return [
    ...[...now].flatMap(([key, { rule, path }]) => {
      const same = old.get(key);
      return same ? compareRule(path, same.rule, rule) : [wholeRule(path, 'added', rule)];
    }),
    ...[...old].flatMap(([key, { rule, path }]) => (now.has(key) ? [] : [wholeRule(path, 'removed', rule)])),
  ];
}

interface PlacedRule {
  readonly rule: ContractRule;
  readonly path: string;
}

function byKey(rules: readonly ContractRule[]): Map<string, PlacedRule> {
  const placed = new Map<string, PlacedRule>();
  for (const [index, rule] of rules.entries()) {
    const named =
      rule.name === undefined ? JSON.stringify([rule.check, columnsOf(rule)]) : `name ${rule.name}`;
    let key = named;
    for (let again = 2; placed.has(key); again++) key = `${named} ${again}`;
    placed.set(key, { rule, path: `rules.${rule.name ?? index}` });
  }
  return placed;
}

const columnsOf = (rule: ContractRule): readonly string[] => {
  if ('columns' in rule) return rule.columns;
  return 'column' in rule ? [rule.column] : [];
};

/** Rules that warn keep no row from anybody; without a rule of rows, readers meet rows that were quarantined before. */
function wholeRule(path: string, change: 'added' | 'removed', rule: ContractRule): Change {
  const without: Reach = ofDatasets.has(rule.check) ? 'nobody' : 'readers';
  const reach = rule.severity === 'warn' ? 'nobody' : change === 'added' ? 'data' : without;
  const said = shown([rule.check, ...columnsOf(rule)]);
  return {
    path,
    change,
    ...(change === 'added' ? { after: said } : { before: said }),
    reach,
    concerns: concernsOf(rule),
  };
}

function compareRule(path: string, before: ContractRule, after: ContractRule): Change[] {
  const isWarning = before.severity === 'warn' && after.severity === 'warn';
  const widened: Reach = isWarning || ofDatasets.has(after.check) ? 'nobody' : 'readers';
  const otherwise: Reach = isWarning ? 'nobody' : 'data';
  if (before.check !== after.check)
    return [wholeRule(path, 'removed', before), wholeRule(path, 'added', after)];
  const changes = [
    ...compareMembers(path, before, after, {
      members: { column: 'condition', ...bounds },
      widened,
      otherwise,
    }),
    ...compareMembers(path, before, after, {
      members: { severity: (_before, severity) => (severity === 'error' ? 'narrowed' : 'widened') },
      widened,
      otherwise,
    }),
    ...compareMembers(path, before, after, { members: forPeople, widened: 'nobody', otherwise: 'nobody' }),
  ];
  return changes.map((change) => ({ ...change, concerns: concernsOf(after) }));
}

/** An expression may read every column. */
const concernsOf = (rule: ContractRule): Change['concerns'] => {
  const columns = columnsOf(rule);
  return columns.length === 0 ? 'all' : columns;
};
