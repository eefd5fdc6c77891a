import * as z from 'zod';
import { columns } from './columns.ts';
import { rules } from './rules.ts';

const checks = z.strictObject({
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
});

/** The members of part `data` that make up the contract. */
export const contractMembers = {
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
  missingValues: z
    .array(z.string().min(1).max(40))
    .max(20)
    .default([])
    .describe('Texts that stand for a missing value in CSV files, besides the empty field: NA, -, null.'),
  columns: columns
    .default({})
    .describe(
      'Columns by name. Their order is the order of the model’s inputs. Without any, the contract of the revision before stays; where there is none, the first upload gets a suggestion.',
    ),
  checks: checks.prefault({}).describe('When a dataset version is good enough.'),
  rules: rules.default([]).describe('Checks of rows and of the dataset besides those of its columns.'),
};

/** A contract in a file of its own (`contract.yaml`), and as a suggestion: what a dataset must look like. */
export const dataContract = z.strictObject(contractMembers);
