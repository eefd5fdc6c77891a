import * as z from 'zod';
import { columnType, projectName } from '#shared/contracts/parts.ts';

/** What a column holds. Of sensitive columns only counts and lengths are told. */
export const columnProfile = z.object({
  name: z.string(),
  /** As the contract declares it, else as it was inferred. */ type: columnType,
  /** Narrowest type that every value has. */ inferredType: columnType,
  values: z.int(),
  missing: z.int(),
  /** Above 100,000 rows and 20,000 distinct values an estimate (standard error below 2 %), else exact. */ distinct:
    z.int(),
  min: z.string().optional(),
  max: z.string().optional(),
  mean: z.number().optional(),
  standardDeviation: z.number().optional(),
  /** Of numbers, and of times as seconds since 1970, above 100,000 rows of a sample of 50,000: at 0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1. */
  quantiles: z.array(z.number()).optional(),
  /** Equal widths between min and max: 20 counts, 21 edges; numbers and times (seconds since 1970). */
  histogram: z.object({ edges: z.array(z.number()), counts: z.array(z.int()) }).optional(),
  /** Most frequent values, at most 20. */
  topValues: z.array(z.object({ value: z.string(), count: z.int() })).optional(),
  /** Characters of texts. */
  length: z.object({ min: z.int(), max: z.int(), mean: z.number() }).optional(),
  sensitive: z.boolean().optional(),
});
export type ColumnProfile = z.infer<typeof columnProfile>;

/** What a dataset version holds, column by column: of all its rows, before rows are put into quarantine. */
export const datasetProfile = z.object({
  schemaVersion: z.literal(1),
  project: projectName,
  datasetVersion: z.int(),
  rows: z.int(),
  columns: z.array(columnProfile),
});
export type DatasetProfile = z.infer<typeof datasetProfile>;

/** How far a column moved since an older version. */
export const profileChange = z.object({
  name: z.string(),
  change: z.enum(['added', 'removed', 'retyped', 'moved', 'same']),
  /** PSI over the older version's bins or categories. */ psi: z.number().optional(),
  missingShareBefore: z.number().optional(),
  missingShare: z.number().optional(),
  meanBefore: z.number().optional(),
  mean: z.number().optional(),
});
