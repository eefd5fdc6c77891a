import type { ContractRule, DataContract } from '#services/projects/contract.ts';
import { trinoDialect } from './dialects/trino.ts';
import { type AthenaTables, numericValue, typedRows } from './trino-rows.ts';

type RuleOf<Check extends ContractRule['check']> = Extract<ContractRule, { check: Check }>;
export type DatasetRule = RuleOf<
  'row_count' | 'row_count_change' | 'null_share' | 'freshness' | 'distribution'
>;

const { quoteName } = trinoDialect;
const bins = 10;

/** A SELECT that measures what a rule about the dataset as a whole is held against. */
export function trinoDatasetStatement(
  rule: DatasetRule,
  contract: DataContract,
  tables: AthenaTables & {
    /** Validated rows of a version that is compared with. */ readonly compared: (
      reference: string,
    ) => string;
  },
): string {
  const number = 'column' in rule ? Object.keys(contract.columns).indexOf(rule.column) : -1;
  const typed = `WITH\n${typedRows(contract, tables.rows)}`;
  switch (rule.check) {
    case 'row_count':
      return `SELECT count(*) AS "rows" FROM ${tables.rows}`;
    case 'row_count_change':
      return `SELECT\n  (SELECT count(*) FROM ${tables.rows}) AS "rows",\n  (SELECT count(*) FROM ${tables.compared('previous')}) AS previous_rows`;
    case 'null_share':
      return `${typed}\nSELECT count(*) AS "rows", count_if(m${number}) AS missing FROM typed`;
    case 'freshness':
      return `${typed}\nSELECT max(v${number}) AS newest, max(_available_at) AS uploaded_at FROM typed`;
    case 'distribution': {
      const type = contract.columns[rule.column]!.type;
      const reference = tables.compared(String(rule.reference));
      const [current, other] = [`v${number}`, quoteName(rule.column)].map(
        (value) => numericValue(value, type) ?? value,
      );
      const samples = `${typed},\nsamples AS (\n  SELECT 'current' AS side, ${current} AS v FROM typed\n  UNION ALL\n  SELECT 'reference' AS side, ${other} AS v FROM ${reference}\n),\nthere AS (\n  SELECT side, v FROM samples WHERE v IS NOT NULL\n)`;
      if (rule.method === 'ks' || rule.method === 'wasserstein') return `${samples},\n${distances}`;
      return `${samples}${type === 'string' || type === 'boolean' ? byValue : byQuantile}`;
    }
  }
}

/** Of two empirical distribution functions: their greatest distance, and the area between them. */
const distances = `counted AS (
  SELECT v, CAST(count_if(side = 'current') AS DOUBLE) AS c, CAST(count_if(side = 'reference') AS DOUBLE) AS r FROM there GROUP BY v
),
cumulated AS (
  SELECT
    abs(sum(c) OVER (ORDER BY v) / nullif(sum(c) OVER (), 0e0) - sum(r) OVER (ORDER BY v) / nullif(sum(r) OVER (), 0e0)) AS distance,
    lead(v) OVER (ORDER BY v) - v AS width
  FROM counted
)
SELECT
  max(distance) AS ks,
  sum(distance * width) / (SELECT nullif(stddev_pop(v), 0e0) FROM there WHERE side = 'reference') AS wasserstein
FROM cumulated`;

const counted = `count_if(side = 'reference') AS reference_values, count_if(side = 'current') AS current_values`;
const byValue = `\nSELECT v AS bin, ${counted} FROM there GROUP BY v`;
const byQuantile = `,
edges AS (
  SELECT array_distinct(approx_percentile(v, ARRAY[${Array.from({ length: bins - 1 }, (_, index) => `${(index + 1) / bins}e0`).join(', ')}])) AS edges FROM there WHERE side = 'reference'
)
SELECT width_bucket(v, edges) AS bin, ${counted} FROM there CROSS JOIN edges GROUP BY 1`;
