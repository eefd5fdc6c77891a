import type { ContractRule, DataContract } from '#services/projects/contract.ts';

/** Another version whose validated rows a rule needs. */
export interface OtherVersionKey {
  readonly project: string;
  readonly which: 'newest' | 'previous' | 'first' | number;
}

const rulesOf = <Name extends ContractRule['check']>({ rules }: DataContract, check: Name) =>
  rules.filter((rule): rule is Extract<ContractRule, { check: Name }> => rule.check === check);

/** What rules `references` look into, by `<project>@<version>`. */
export function lookupsOf(contract: DataContract): Record<string, OtherVersionKey> {
  const found = rulesOf(contract, 'references').map(({ to: { project, datasetVersion } }) => [
    `${project}@${datasetVersion}`,
    { project, which: datasetVersion },
  ]);
  return Object.fromEntries(found) as Record<string, OtherVersionKey>;
}

/** What rules `distribution` and `row_count_change` compare with, by `previous`, `first` or the version. */
export function comparisonsOf(contract: DataContract, project: string): Record<string, OtherVersionKey> {
  const named = rulesOf(contract, 'distribution').map(({ reference }) => reference);
  const previous = rulesOf(contract, 'row_count_change').length > 0 ? (['previous'] as const) : [];
  return Object.fromEntries([...named, ...previous].map((which) => [String(which), { project, which }]));
}
