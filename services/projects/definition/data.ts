import * as z from 'zod';
import { learningTask } from '#shared/contracts/parts.ts';
import { contractMembers } from './contract-file.ts';

/** How CSV files are written, where the files themselves leave it open. */
const csv = z.strictObject({
  delimiter: z.string().length(1).optional().describe('Between values; found in the file where not given.'),
  quote: z
    .string()
    .length(1)
    .optional()
    .describe('Around values that hold delimiters; found in the file where not given.'),
  encoding: z
    .enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-1'])
    .optional()
    .describe('Of the text; found by byte order mark and content where not given.'),
});

/** What people must know about a dataset before they use it (Gebru et al., Datasheets for Datasets, 2021). */
export const datasheet = z.strictObject({
  owner: z.string().max(128).optional().describe('Who answers for the data.'),
  purpose: z
    .string()
    .max(4000)
    .optional()
    .describe('What the data was made for, and what not to use it for.'),
  collection: z.string().max(4000).optional().describe('How, when and by whom it was collected.'),
  sensitivity: z
    .enum(['public', 'internal', 'confidential', 'personal', 'special_category'])
    .optional()
    .describe('Who may see it; special_category is personal data under article 9 of the GDPR.'),
  licence: z.string().max(200).optional().describe('Under which it may be used, best as SPDX identifier.'),
  notes: z.string().max(8000).optional().describe('Anything else: known gaps, bias, maintenance.'),
});

/** Which versions are kept. A version that a model was trained on, that has a tag, or that is the newest is kept always. */
const retention = z
  .strictObject({
    keepVersions: z.int().min(1).max(100_000).optional().describe('So many newest versions are kept.'),
    keepDays: z.int().min(1).max(36_500).optional().describe('Versions younger than this are kept.'),
  })
  .describe('Where both are given, a version goes when neither keeps it; where none is, all are kept.');

/** Part `data` of a project file: what is uploaded. */
export const data = z.strictObject({
  format: z
    .enum(['auto', 'csv', 'parquet', 'jsonl'])
    .default('auto')
    .describe('Format that uploaded files must have; auto takes each, by its content.'),
  csv: csv.optional().describe('How CSV files are written.'),
  uploads: z
    .enum(['append', 'replace'])
    .default('append')
    .describe('append: an upload adds rows to the dataset. replace: an upload is the whole dataset.'),
  maxUploadBytes: z
    .int()
    .min(1)
    .max(5_368_709_120)
    .default(536_870_912)
    .describe('Largest file that becomes a version, decompressed.'),
  ...contractMembers,
  datasheet: datasheet.optional().describe('What people must know about the data.'),
  retention: retention.optional(),
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
