import type { ContractRule } from '#services/projects/contract.ts';
import { type DuckDb, quoteName, quoteText } from '#shared/duckdb/duckdb.ts';
import type { CheckResult, DatasetProfile } from '../contract.ts';
import { type ColumnFacts, datasetChecks } from '../domain/dataset-checks.ts';
import { type DistributionRule, distributionCheck } from './statistics/distribution-check.ts';
import type { CheckPlace, VersionCheck } from './version-check.ts';

interface Scope {
  readonly database: DuckDb;
  readonly check: VersionCheck;
  readonly place: CheckPlace;
  readonly profile: DatasetProfile;
  /** Path of the validated rows. */
  readonly validated: string;
}

/** Results of the rules about a version as a whole: counts and shares of all its rows, times and distributions of the validated ones. */
export async function datasetResults(scope: Scope): Promise<CheckResult[]> {
  const { check, profile } = scope;
  const facts = {
    rows: profile.rows,
    previousRows: check.comparisons.previous?.rows,
    columns: await columnFacts(scope),
    uploadedAt: check.objects.reduce(
      (newest, { availableAt }) => (availableAt > newest ? availableAt : newest),
      '',
    ),
  };
  const results = datasetChecks(check.contract.rules, facts);
  for (const rule of check.contract.rules)
    if (rule.check === 'distribution') results.push(await distributionResult(scope, rule));
  return results;
}

async function columnFacts({
  database,
  check: { contract },
  profile,
  validated,
}: Scope): Promise<Record<string, ColumnFacts>> {
  const facts = new Map<string, ColumnFacts>(profile.columns.map(({ name, values }) => [name, { values }]));
  const fresh = new Set(contract.rules.flatMap((rule) => (rule.check === 'freshness' ? [rule.column] : [])));
  for (const name of fresh) {
    const [found] = await database.rows<{ newest: Date | null }>(
      `SELECT max(${quoteName(name)}) AS newest FROM read_parquet(${quoteText(validated)})`,
    );
    const newest = found!.newest?.toISOString();
    facts.set(name, { values: facts.get(name)?.values ?? 0, ...(newest === undefined ? {} : { newest }) });
  }
  return Object.fromEntries(facts);
}

async function distributionResult(
  { database, check, place, validated }: Scope,
  rule: DistributionRule,
): Promise<CheckResult> {
  const other = check.comparisons[String(rule.reference)];
  const value = quoteName(rule.column);
  const relationOf = (path: string) => `read_parquet(${quoteText(path)})`;
  const reference = other && { relation: relationOf(place.pathOf(other.validated.uri)), value };
  const { outcome, observed, expected, statistic, pValue } = await distributionCheck(
    database,
    rule,
    check.contract.columns[rule.column]!.type,
    { current: { relation: relationOf(validated), value }, reference },
  );
  return {
    check: 'distribution',
    ...aboutOf(rule),
    column: rule.column,
    severity: rule.severity,
    outcome,
    passed: outcome === 'passed' || outcome === 'skipped',
    observed,
    expected,
    failingRows: 0,
    ...(statistic === undefined ? {} : { statistic }),
    ...(pValue === undefined ? {} : { pValue }),
  };
}

const aboutOf = ({ name, owner, note }: ContractRule): Pick<CheckResult, 'name' | 'owner' | 'note'> => ({
  ...(name === undefined ? {} : { name }),
  ...(owner === undefined ? {} : { owner }),
  ...(note === undefined ? {} : { note }),
});

/** Values of a declared type as a profile counts them; those that have it not are values too. */
export function withMistypedValues(
  profile: DatasetProfile,
  mistyped: ReadonlyMap<string, number>,
): DatasetProfile {
  return {
    ...profile,
    columns: profile.columns.map((column) => {
      const more = mistyped.get(column.name) ?? 0;
      return { ...column, values: column.values + more, missing: column.missing - more };
    }),
  };
}
