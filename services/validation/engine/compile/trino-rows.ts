import type { DataContract } from '#services/projects/contract.ts';
import { emitSql } from '#shared/expressions/emit.ts';
import { defaultThreshold, madScale } from '../statistics/outlier-bounds.ts';
import { trinoDialect } from './dialects/trino.ts';
import { type RowCheck, type RowRule, rowChecksOf } from './row-checks.ts';
import { failureCondition, type RowColumns } from './row-conditions.ts';

type RuleOf<Check extends RowRule['check']> = Extract<RowRule, { check: Check }>;
const { quoteName, quoteText } = trinoDialect;

/**
 * Tables of Athena that a contract is checked in. `rows` has the uploaded columns as text, `_object_sha256` and `_available_at`, the same for all
 * objects of an upload; validated rows of other datasets have their declared types.
 */
export interface AthenaTables {
  readonly rows: string;
  /** Validated rows of a project's newest or numbered version. */
  readonly validated: (project: string, datasetVersion: 'newest' | number) => string;
}

/**
 * SELECTs that check the rows of a table in one pass: `counts` gives one row, how many rows there are and how many break each check;
 * `quarantine` the rows that break an error check, as uploaded, with the checks.
 */
export function trinoRowStatements(
  contract: DataContract,
  tables: AthenaTables,
): { readonly counts: string; readonly quarantine: string } {
  const checks = rowChecksOf(contract);
  const judged = judgedRows(contract, checks, tables);
  const errors = checks.filter(({ rule }) => rule.severity === 'error').map(({ id }) => quoteText(id));
  const counts = distinctIds(checks).map(
    (id) => `  count_if(contains(_checks, ${quoteText(id)})) AS ${quoteName(id)}`,
  );
  const columns = Object.keys(contract.columns).map((name) => `  ${quoteName(name)}`);
  const breaks = errors.length === 0 ? 'false' : `arrays_overlap(_checks, ${arrayOf(errors)})`;
  return {
    counts: `${judged}\nSELECT\n  count(*) AS "rows",\n  count_if(${breaks}) AS "quarantined_rows"${counts.map((count) => `,\n${count}`).join('')}\nFROM judged`,
    quarantine: `${judged}\nSELECT\n${columns.join(',\n')},\n  array_intersect(_checks, ${arrayOf(errors)}) AS _checks,\n  _object_sha256\nFROM judged\nWHERE ${breaks}`,
  };
}

/** Trino makes no array of more than 254 parts at once. */
const maxArrayParts = 200;

function arrayOf(parts: readonly string[]): string {
  const arrays: string[] = [];
  for (let from = 0; from < parts.length; from += maxArrayParts)
    arrays.push(`ARRAY[${parts.slice(from, from + maxArrayParts).join(', ')}]`);
  return arrays.length === 0 ? 'ARRAY[]' : arrays.join(' || ');
}

const distinctIds = (checks: readonly RowCheck[]): string[] => [...new Set(checks.map(({ id }) => id))];

/** `typed`: rows with text `t<i>`, value `v<i>` and missing `m<i>` of column i of the contract. */
export function typedRows(contract: DataContract, table: string): string {
  const missing = ['', ...contract.missingValues].map(quoteText).join(', ');
  const columns = Object.entries(contract.columns);
  const texts = columns.map(
    ([name], index) =>
      `    CASE WHEN ${quoteName(name)} NOT IN (${missing}) THEN ${quoteName(name)} END AS t${index}`,
  );
  const values = columns.map(
    ([, rule], index) =>
      `    t${index} IS NULL AS m${index},\n    ${trinoDialect.typedText(`t${index}`, rule)} AS v${index}`,
  );
  return `texts AS (\n  SELECT\n    *,\n${texts.join(',\n')}\n  FROM ${table}\n),\ntyped AS (\n  SELECT\n    *,\n${values.join(',\n')}\n  FROM texts\n)`;
}

function judgedRows(contract: DataContract, checks: readonly RowCheck[], tables: AthenaTables): string {
  const number = (column: string) => Object.keys(contract.columns).indexOf(column);
  const value = (column: string) => `v${number(column)}`;
  const numeric = (column: string) => numericValue(value(column), contract.columns[column]!.type);
  const outliers = checks.flatMap(({ rule }, index) => (rule.check === 'outliers' ? [{ rule, index }] : []));
  const bounded = outliers.filter(({ rule }) => numeric(rule.column) !== undefined);
  const bounds = bounded.map(
    ({ rule, index }) => `bounds_${index} AS (\n  ${boundsOf(rule, numeric(rule.column)!)}\n)`,
  );
  const row: RowColumns = {
    missing: (column) => `m${number(column)}`,
    value,
    text: (column) => `t${number(column)}`,
    flag: ({ rule }) => {
      if (rule.check === 'unique') return repeated(rule, value);
      return rule.check === 'references' ? unreferenced(rule, value, tables) : undefined;
    },
    number: numeric,
    bounds: (check) => ({ low: `low_${checks.indexOf(check)}`, high: `high_${checks.indexOf(check)}` }),
    condition: (condition) => emitSql(condition, 'trino', value),
  };
  const failed = checks.flatMap((check) => {
    const condition = failureCondition(check, row, contract, trinoDialect);
    return condition === undefined ? [] : [`\n      CASE WHEN ${condition} THEN ${quoteText(check.id)} END`];
  });
  const joined = bounded.map(
    ({ index }) => `\n  CROSS JOIN (SELECT low AS low_${index}, high AS high_${index} FROM bounds_${index})`,
  );
  const parts = [
    typedRows(contract, tables.rows),
    ...bounds,
    `judged AS (\n  SELECT\n    *,\n    filter(${arrayOf(failed)}, failed -> failed IS NOT NULL) AS _checks\n  FROM typed${joined.join('')}\n)`,
  ];
  return `WITH\n${parts.join(',\n')}`;
}

/** A value as DOUBLE: times as seconds since 1970; undefined for texts. */
export function numericValue(
  value: string,
  type: DataContract['columns'][string]['type'],
): string | undefined {
  if (type === 'string') return undefined;
  return type === 'timestamp' ? `to_unixtime(${value})` : `CAST(${value} AS DOUBLE)`;
}

function repeated({ columns }: RuleOf<'unique'>, value: (column: string) => string): string {
  const values = columns.map(value);
  return `(${areThere(values)} AND count(*) OVER (PARTITION BY _available_at, ${values.join(', ')}) > 1)`;
}

function unreferenced(
  rule: RuleOf<'references'>,
  value: (column: string) => string,
  tables: AthenaTables,
): string {
  const values = rule.columns.map(value);
  const equal = rule.to.columns.map((column, index) => `other.${quoteName(column)} = ${values[index]}`);
  const table = tables.validated(rule.to.project, rule.to.datasetVersion);
  return `(${areThere(values)} AND NOT EXISTS (SELECT 1 FROM ${table} other WHERE ${equal.join(' AND ')}))`;
}

const areThere = (values: readonly string[]): string =>
  values.map((value) => `${value} IS NOT NULL`).join(' AND ');

/** Bounds by approximate quantiles; where the values do not spread, there are none. */
function boundsOf({ method, threshold }: RuleOf<'outliers'>, value: string): string {
  const distance = `${threshold ?? defaultThreshold[method]}e0`;
  const around = (middle: string, spread: string) =>
    `SELECT ${middle} - ${spread} AS low, ${middle} + ${spread} AS high`;
  switch (method) {
    case 'iqr':
      return `SELECT q[1] - ${distance} * nullif(q[2] - q[1], 0e0) AS low, q[2] + ${distance} * nullif(q[2] - q[1], 0e0) AS high FROM (SELECT approx_percentile(${value}, ARRAY[0.25e0, 0.75e0]) AS q FROM typed)`;
    case 'z':
      return `${around(`avg(${value})`, `${distance} * nullif(stddev_samp(${value}), 0e0)`)} FROM typed`;
    case 'mad':
      return `${around('middle', `${distance} * ${madScale}e0 * nullif(approx_percentile(abs(${value} - middle), 0.5e0), 0e0)`)} FROM typed CROSS JOIN (SELECT approx_percentile(${value}, 0.5e0) AS middle FROM typed) GROUP BY middle`;
  }
}
