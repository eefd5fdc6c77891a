import type { DataContract, ProjectRevision } from '#services/projects/contract.ts';

/** Whether the revision has a contract: without columns there is nothing to check by. */
export const hasColumns = ({ definition }: ProjectRevision): boolean =>
  Object.keys(definition.data.columns).length > 0;

/** Columns whose values people do not get to see. */
export const sensitiveColumns = ({ columns }: DataContract): string[] =>
  Object.entries(columns).flatMap(([name, { sensitive }]) => (sensitive ? [name] : []));
