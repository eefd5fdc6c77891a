import { type DataContract, dataContract, type ProjectRevision } from '#services/projects/contract.ts';

/** The contract's part of a revision's data. */
export function contractOf({ definition: { data } }: ProjectRevision): DataContract {
  const { primaryKey, eventTime, missingValues, columns, checks, rules } = data;
  return dataContract.parse({
    primaryKey,
    ...(eventTime === undefined ? {} : { eventTime }),
    missingValues,
    columns,
    checks,
    rules,
  });
}

/** Whether the revision has a contract: without columns there is nothing to check by. */
export const hasColumns = ({ definition }: ProjectRevision): boolean =>
  Object.keys(definition.data.columns).length > 0;

/** Columns whose values people do not get to see. */
export const sensitiveColumns = ({ columns }: DataContract): string[] =>
  Object.entries(columns).flatMap(([name, { sensitive }]) => (sensitive ? [name] : []));
