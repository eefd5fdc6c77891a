import * as z from 'zod';
import { columnType, learningTask } from '#shared/contracts/parts.ts';

/** What a column of the project’s data must look like. */
const columnRule = z
  .strictObject({
    type: columnType.describe('timestamp is ISO 8601, in UTC where no zone is written.'),
    nullable: z.boolean().default(false).describe('Whether a value may be missing.'),
    min: z.number().optional().describe('Least value.'),
    max: z.number().optional().describe('Greatest value.'),
    allowed: z
      .array(z.union([z.string(), z.number(), z.boolean()]))
      .min(1)
      .max(1000)
      .optional()
      .describe('The only values allowed.'),
    unique: z.boolean().default(false).describe('Whether a value may come once only in an upload.'),
    description: z.string().max(1000).optional().describe('For people.'),
  })
  .refine((rule) => rule.min === undefined || rule.max === undefined || rule.min <= rule.max, {
    message: 'min must not be above max',
  });

/** Part `data` of a project file: what is uploaded. */
export const data = z.strictObject({
  format: z.enum(['csv', 'parquet']).default('csv').describe('Format of uploaded files.'),
  primaryKey: z
    .string()
    .min(1)
    .describe(
      'Column that identifies a row; rows of later uploads with the same key replace earlier ones in training sets.',
    ),
  eventTime: z
    .string()
    .min(1)
    .optional()
    .describe('Column with the time that a row speaks of; training sets use no row from after their asOf.'),
  uploads: z
    .enum(['append', 'replace'])
    .default('append')
    .describe('append: an upload adds rows to the dataset. replace: an upload is the whole dataset.'),
  maxUploadBytes: z
    .int()
    .min(1)
    .max(5_368_709_120)
    .default(536_870_912)
    .describe('Largest file that becomes a version.'),
  columns: z
    .record(z.string().min(1).max(255), columnRule)
    .refine((columns) => Object.keys(columns).length >= 2, {
      message: 'at least two columns are needed: the primary key and one more',
    })
    .describe('Columns by name. Their order is the order of the model’s inputs.'),
  checks: z
    .strictObject({
      minRows: z
        .int()
        .min(1)
        .default(50)
        .describe('With fewer valid rows the verdict is InsufficientData and nothing is trained.'),
      maxQuarantinedShare: z
        .number()
        .min(0)
        .max(1)
        .default(0.05)
        .describe('Share of rows that may be put into quarantine before the whole version fails.'),
      unknownColumns: z
        .enum(['ignore', 'fail'])
        .default('ignore')
        .describe('Columns that the definition does not name: ignored, or a reason to fail.'),
    })
    .prefault({})
    .describe('When a dataset version is good enough.'),
});

/** Part `target`: what is predicted. */
export const target = z.strictObject({
  column: z.string().min(1).describe('Column to predict.'),
  task: learningTask.describe('What is asked about it.'),
  positiveClass: z
    .union([z.string(), z.number(), z.boolean()])
    .default(1)
    .describe('The value of the target that counts as positive, for binary classification.'),
});

/** Part `split`: how rows are dealt out. */
export const split = z
  .strictObject({
    seed: z.int().min(0).max(2_147_483_647).default(17).describe('Decides which row is in which part.'),
    train: z.number().gt(0).lt(1).default(0.7).describe('Share of rows to learn from.'),
    validation: z.number().gt(0).lt(1).default(0.15).describe('Share of rows to stop early by.'),
    test: z.number().gt(0).lt(1).default(0.15).describe('Share of rows held out for the evaluation.'),
  })
  .refine((shares) => Math.abs(shares.train + shares.validation + shares.test - 1) < 1e-9, {
    message: 'train, validation and test must add up to 1',
  });
