import * as z from 'zod';
import { dataContract } from '#services/projects/contract.ts';
import { projectName } from '#shared/contracts/parts.ts';

/** Why a line of a suggested contract says what it says. */
export const suggestionEvidence = z.object({
  /** `columns.age.min`, `rules.3`, `checks.minRows` */ path: z.string(),
  /** What was seen: "least value 18, 1st percentile 19 of 12,400 values". */ seen: z.string(),
  /** How sure: share of values that agree, 1 where all do. */ support: z.number().min(0).max(1),
});

/** A contract that the first data of a project suggests; nothing is checked by it until a person approves it. */
export const contractSuggestion = z.object({
  schemaVersion: z.literal(1),
  project: projectName,
  suggestionId: z.string(),
  datasetVersion: z.int(),
  rows: z.int(),
  contract: dataContract,
  evidence: z.array(suggestionEvidence),
  /** What a person must look at: a primary key with repeated values, a column of one value, text that looks like numbers with units. */
  warnings: z.array(z.object({ path: z.string(), message: z.string() })),
});
export type ContractSuggestion = z.infer<typeof contractSuggestion>;

/** A change of a contract and what depends on what it changes. */
export const contractChange = z.object({
  path: z.string(),
  change: z.enum(['added', 'removed', 'widened', 'narrowed', 'retyped', 'changed']),
  before: z.string().optional(),
  after: z.string().optional(),
  /** Whether data that was valid may no longer be, or a consumer may meet values that it has not seen. */
  breaking: z.boolean(),
  consumers: z.array(
    z.object({ kind: z.enum(['feature', 'model_version']), id: z.string(), serving: z.boolean() }),
  ),
});
