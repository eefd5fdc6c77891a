import * as z from 'zod';
import { projectName, storedObject } from '#shared/contracts/parts.ts';

/** The column that validated Parquet files carry besides the data’s own: when the platform came to know the row. */
export const availableAtColumn = '_available_at';

/** What stands in the place of a value of a sensitive column. */
export const maskedValue = '•••';

export const checkResult = z.object({
  check: z.enum([
    'column_present',
    'unknown_columns',
    'readable',
    'type',
    'not_null',
    'range',
    'allowed',
    'pattern',
    'length',
    'unique',
    'expression',
    'references',
    'outliers',
    'min_rows',
    'quarantined_share',
    'row_count',
    'row_count_change',
    'null_share',
    'freshness',
    'distribution',
  ]),
  /** The rule's own name, where it has one. */ name: z.string().optional(),
  column: z.string().optional(),
  /** Of checks of several columns. */ columns: z.array(z.string()).optional(),
  severity: z.enum(['warn', 'error']),
  /** `skipped`: there was nothing to hold it against, e.g. no version before. `insufficient`: too few values to say. Absent in old reports. */
  outcome: z.enum(['passed', 'failed', 'skipped', 'insufficient']).optional(),
  passed: z.boolean(),
  observed: z.string(),
  expected: z.string(),
  failingRows: z.int().min(0),
  mostly: z.number().optional(),
  /** Distance that a distribution check measured, and the p-value where the method has one. */
  statistic: z.number().optional(),
  pValue: z.number().optional(),
  owner: z.string().optional(),
  note: z.string().optional(),
  /** At most 5 rows that fail it: the columns it is about and the primary key, sensitive ones masked. */
  samples: z.array(z.record(z.string(), z.string().nullable())).max(5).optional(),
});
export type CheckResult = z.infer<typeof checkResult>;

export const validationReport = z.object({
  project: projectName,
  datasetVersion: z.int(),
  verdict: z.enum(['Pass', 'Warn', 'Fail', 'InsufficientData']),
  rows: z.int(),
  validRows: z.int(),
  quarantinedRows: z.int(),
  checks: z.array(checkResult),
  validatedAt: z.iso.datetime(),
  projectRevision: z.int(),
  validated: storedObject.optional(),
  quarantine: storedObject.optional(),
  profile: storedObject.optional(),
  occasion: z.enum(['upload', 'contract', 'release', 'erasure']).optional(),
  /** Rows let out of quarantine, by whom and why. */
  released: z
    .array(
      z.object({
        releaseId: z.string(),
        rows: z.int(),
        checks: z.array(z.string()),
        releasedBy: z.string(),
        releasedAt: z.iso.datetime(),
        reason: z.string(),
      }),
    )
    .optional(),
  /** Where it ran, by size: a function, or a SageMaker Processing job. */
  engine: z
    .object({
      kind: z.enum(['function', 'processing_job']),
      name: z.string(),
      memoryMb: z.int(),
      seconds: z.number(),
    })
    .optional(),
});
export type ValidationReport = z.infer<typeof validationReport>;
