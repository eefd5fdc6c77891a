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
          column: z.string().optional(),
          severity: z.enum(['warn', 'error']),
          observed: z.string(),
          expected: z.string(),
        }),
      )
      .max(20),
    projectRevision: z.int().min(1),
  }),
});
