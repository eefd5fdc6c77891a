import * as z from 'zod';
import { defineEvent } from '#shared/contracts/event.ts';
import { projectName, storedObject } from '#shared/contracts/parts.ts';

/** `InsufficientData` is an answer of its own: neither good nor bad. */
export const validationVerdict = z.enum(['Pass', 'Warn', 'Fail', 'InsufficientData']);

export const ValidationCompleted = defineEvent({
  service: 'validation',
  name: 'ValidationCompleted',
  version: 1,
  description:
    'A dataset version was checked against the project’s contract. Fail blocks everything downstream.',
  data: z.object({
    project: projectName,
    datasetVersion: z.int().min(1),
    verdict: validationVerdict,
    rows: z.int().min(0),
    validRows: z.int().min(0),
    quarantinedRows: z.int().min(0),
    /** The rows that passed, as Parquet, with the column `_available_at` (when the platform came to know the row). Absent on Fail. */
    validated: storedObject.optional(),
    /** The rows that did not, as Parquet, with `_reasons`. Absent when there are none. */
    quarantine: storedObject.optional(),
    /** The full report, JSON. */
    report: storedObject,
    /** The checks that were not passed, worst first, at most 20. */
    findings: z
      .array(
        z.object({
          check: z.string(),
          /** The rule's own name, where it has one. */
          name: z.string().optional(),
          column: z.string().optional(),
          severity: z.enum(['warn', 'error']),
          observed: z.string(),
          expected: z.string(),
        }),
      )
      .max(20),
    projectRevision: z.int().min(1),
    /** Why it was checked: an upload came, a contract was applied, rows were released from quarantine, rows were erased. Absent in old events: upload. */
    occasion: z.enum(['upload', 'contract', 'release', 'erasure']).optional(),
    /** Per column: counts, quantiles, histogram (validation/contract.ts: datasetProfile), JSON. */
    profile: storedObject.optional(),
    /** Versions of other datasets that rows were looked up in. */
    referenced: z
      .array(z.object({ project: projectName, datasetVersion: z.int().min(1) }))
      .max(100)
      .optional(),
  }),
});

export const SchemaSuggested = defineEvent({
  service: 'validation',
  name: 'SchemaSuggested',
  version: 1,
  description: 'A project without a contract got its first data; a contract for it waits for a person.',
  data: z.object({
    project: projectName,
    suggestionId: z.string(),
    datasetVersion: z.int().min(1),
    /** JSON document (validation/contract.ts: contractSuggestion): the contract and the evidence for each line. */
    suggestion: storedObject,
    columns: z.int().min(0),
    rows: z.int().min(0),
  }),
});

export const ContractApproved = defineEvent({
  service: 'validation',
  name: 'ContractApproved',
  version: 1,
  description: 'A person approved a suggested contract, perhaps after editing it.',
  data: z.object({
    project: projectName,
    suggestionId: z.string(),
    /** JSON document (projects/contract.ts: dataContract). */
    contract: storedObject,
    edited: z.boolean(),
    approvedBy: z.string(),
    comment: z.string(),
  }),
});

export const SuggestionRefused = defineEvent({
  service: 'validation',
  name: 'SuggestionRefused',
  version: 1,
  description: 'A person refused a suggested contract; the data waits for a contract that is applied.',
  data: z.object({
    project: projectName,
    suggestionId: z.string(),
    refusedBy: z.string(),
    comment: z.string(),
  }),
});

export const QuarantineReleased = defineEvent({
  service: 'validation',
  name: 'QuarantineReleased',
  version: 1,
  description: 'A person let rows out of quarantine into the validated version, against the contract.',
  data: z.object({
    project: projectName,
    datasetVersion: z.int().min(1),
    releaseId: z.string(),
    rows: z.int().min(0),
    /** The checks whose rows were let out; empty means all. */
    checks: z.array(z.string()),
    releasedBy: z.string(),
    reason: z.string(),
  }),
});
