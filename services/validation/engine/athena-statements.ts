import { type ContractRule, type DataContract, dataContract } from '#services/projects/contract.ts';
import { type DatasetRule, trinoDatasetStatement } from './compile/trino-dataset.ts';
import { trinoRowStatements } from './compile/trino-rows.ts';

/** A statement by the name of its golden file. */
export interface NamedStatement {
  readonly name: string;
  readonly sql: string;
}

const tables = {
  rows: '"millrace"."orders_uploaded"',
  validated: (project: string, version: 'newest' | number) => `"millrace"."${project}_validated_${version}"`,
  compared: (reference: string) => `"millrace"."orders_validated_${reference}"`,
};
const columns = {
  id: { type: 'string' },
  amount: { type: 'number' },
  items: { type: 'integer' },
  'paid "up"': { type: 'boolean', nullable: true },
  ordered_at: { type: 'timestamp' },
  shipped_on: { type: 'timestamp', format: '%d.%m.%Y %H:%M', nullable: true },
  country: { type: 'string', nullable: true },
} as const;
const rules: Readonly<Record<string, object>> = {
  not_null: { check: 'not_null', column: 'country' },
  range_number: { check: 'range', column: 'amount', min: 0, max: 1e6 },
  range_integer: { check: 'range', column: 'items', min: 0.5, max: 1e30 },
  range_timestamp: {
    check: 'range',
    column: 'ordered_at',
    min: '2020-01-01',
    max: '2030-01-01T00:00:00+02:00',
  },
  allowed: { check: 'allowed', column: 'country', values: ['DE', "CÔTE D'IVOIRE"] },
  pattern: { check: 'pattern', column: 'id', pattern: "[A-Z]{2}\\d+|it's" },
  length: { check: 'length', column: 'id', min: 1, max: 20 },
  unique: { check: 'unique', columns: ['id', 'ordered_at'] },
  expression: { check: 'expression', sql: `amount >= 0 and ("paid ""up""" or items between 1 and 10)` },
  references: { check: 'references', columns: ['country'], to: { project: 'countries', columns: ['code'] } },
  references_composite: {
    check: 'references',
    columns: ['id', 'ordered_at'],
    to: { project: 'receipts', columns: ['order', 'at'], datasetVersion: 7 },
  },
  outliers_iqr: { check: 'outliers', column: 'amount', method: 'iqr' },
  outliers_z: { check: 'outliers', column: 'items', method: 'z', threshold: 4 },
  outliers_mad: { check: 'outliers', column: 'ordered_at', method: 'mad' },
  row_count: { check: 'row_count', min: 1 },
  row_count_change: { check: 'row_count_change', maxDecreaseShare: 0.5 },
  null_share: { check: 'null_share', column: 'country', max: 0.1 },
  freshness: { check: 'freshness', column: 'ordered_at', maxAgeHours: 24 },
  distribution_psi: { check: 'distribution', column: 'amount', method: 'psi' },
  distribution_ks: { check: 'distribution', column: 'ordered_at', method: 'ks', reference: 'first' },
  distribution_chi_squared: { check: 'distribution', column: 'country', method: 'chi_squared' },
  distribution_jensen_shannon: {
    check: 'distribution',
    column: 'items',
    method: 'jensen_shannon',
    reference: 3,
  },
  distribution_wasserstein: { check: 'distribution', column: 'amount', method: 'wasserstein' },
};

/** What Athena is asked for each check, and for a whole contract: kept as golden files. */
export function athenaStatements(): NamedStatement[] {
  const each = Object.entries(rules).map(([name, rule]) => ({ name, sql: statementOf(rule) }));
  const all = contractWith(Object.values(rules), ['NA', '-']);
  const { counts, quarantine } = trinoRowStatements(all, tables);
  return [
    ...each,
    { name: 'contract_counts', sql: counts },
    { name: 'contract_quarantine', sql: quarantine },
  ];
}

function statementOf(rule: object): string {
  const contract = contractWith([rule], []);
  const [parsed] = contract.rules;
  return isDatasetRule(parsed!)
    ? trinoDatasetStatement(parsed, contract, tables)
    : trinoRowStatements(contract, tables).counts;
}

const contractWith = (given: readonly object[], missingValues: readonly string[]): DataContract =>
  dataContract.parse({ primaryKey: 'id', eventTime: 'ordered_at', missingValues, columns, rules: given });

const isDatasetRule = (rule: ContractRule): rule is DatasetRule =>
  ['row_count', 'row_count_change', 'null_share', 'freshness', 'distribution'].includes(rule.check);
