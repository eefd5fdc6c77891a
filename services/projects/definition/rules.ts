import * as z from 'zod';
import { projectName } from '#shared/contracts/parts.ts';
import { bound, scalar } from './columns.ts';

/** What every rule may say about itself. */
const about = {
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,62}$/)
    .optional()
    .describe('Names the rule in reports; unique in a contract.'),
  owner: z.string().max(128).optional().describe('Who answers for the rule.'),
  note: z.string().max(1000).optional().describe('Why the rule is there.'),
};
const severityText =
  'error: rows that break it are quarantined, a dataset that breaks it fails. warn: rows stay, and the verdict is Warn.';
const error = { severity: z.enum(['error', 'warn']).default('error').describe(severityText) };
const warn = { severity: z.enum(['error', 'warn']).default('warn').describe(severityText) };
/** Of rules that each row keeps or breaks. */
const mostly = {
  mostly: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe(
      'Least share of the rows that must keep it. Below, an error fails the whole version; at or above, a warn says nothing.',
    ),
};
const column = z.string().min(1).max(255).describe('Column that is checked.');
const columnNames = z.array(z.string().min(1).max(255)).min(1).max(16);
const rowRule = { ...about, ...error, ...mostly };

const notNull = z.strictObject({ check: z.literal('not_null'), column, ...rowRule });
const range = z.strictObject({
  check: z.literal('range'),
  column,
  min: bound.optional().describe('Least value; for timestamps the earliest.'),
  max: bound.optional().describe('Greatest value; for timestamps the latest.'),
  ...rowRule,
});
const allowed = z.strictObject({
  check: z.literal('allowed'),
  column,
  values: z.array(scalar).min(1).max(1000).describe('The only values allowed.'),
  ...rowRule,
});
const pattern = z.strictObject({
  check: z.literal('pattern'),
  column,
  pattern: z.string().min(1).max(500).describe('Regular expression (RE2) that the whole text must match.'),
  ...rowRule,
});
const length = z.strictObject({
  check: z.literal('length'),
  column,
  min: z.int().min(0).optional().describe('Fewest characters.'),
  max: z.int().min(0).optional().describe('Most characters.'),
  ...rowRule,
});
const unique = z.strictObject({
  check: z.literal('unique'),
  columns: columnNames.describe('Columns whose values together may come once only in an upload.'),
  ...rowRule,
});
const expression = z.strictObject({
  check: z.literal('expression'),
  sql: z
    .string()
    .min(1)
    .max(4000)
    .describe(
      'SQL condition over the row’s columns. A row breaks it where it is false; NULL breaks nothing.',
    ),
  ...rowRule,
});
const references = z.strictObject({
  check: z.literal('references'),
  columns: columnNames.describe(
    'Columns whose values must be found there. A row with a missing one is left alone.',
  ),
  to: z.strictObject({
    project: projectName.describe('Project whose dataset is looked into.'),
    columns: columnNames.describe('Its columns, in the same order.'),
    datasetVersion: z
      .union([z.literal('newest'), z.int().min(1)])
      .default('newest')
      .describe('Which version; newest is the newest with the verdict Pass or Warn.'),
  }),
  ...rowRule,
});
const outliers = z.strictObject({
  check: z.literal('outliers'),
  column,
  method: z
    .enum(['iqr', 'z', 'mad'])
    .describe(
      'iqr: quartiles and their distance. z: mean and standard deviation. mad: median and the median of distances to it.',
    ),
  threshold: z
    .number()
    .gt(0)
    .optional()
    .describe(
      'Greatest distance: in quartile distances beyond the quartiles (1.5), standard deviations (3), scaled MADs (3.5).',
    ),
  ...about,
  ...warn,
  ...mostly,
});

const datasetRule = { ...about, ...error };
const rowCount = z.strictObject({
  check: z.literal('row_count'),
  min: z.int().min(0).optional().describe('Fewest rows.'),
  max: z.int().min(0).optional().describe('Most rows.'),
  ...datasetRule,
});
const rowCountChange = z.strictObject({
  check: z.literal('row_count_change'),
  maxDecreaseShare: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('By what share of the version before the rows may decrease.'),
  maxIncreaseShare: z
    .number()
    .min(0)
    .optional()
    .describe('By what share of the version before the rows may increase.'),
  ...datasetRule,
});
const nullShare = z.strictObject({
  check: z.literal('null_share'),
  column,
  max: z.number().min(0).max(1).describe('Greatest share of rows without a value.'),
  ...datasetRule,
});
const freshness = z.strictObject({
  check: z.literal('freshness'),
  column,
  maxAgeHours: z.number().gt(0).describe('How old the newest value may be when the newest upload arrives.'),
  ...datasetRule,
});
const distribution = z.strictObject({
  check: z.literal('distribution'),
  column,
  method: z
    .enum(['psi', 'ks', 'chi_squared', 'jensen_shannon', 'wasserstein'])
    .describe(
      'psi: population stability index. ks: Kolmogorov-Smirnov’s greatest distance. chi_squared: Cramér’s V. jensen_shannon: divergence in bits. wasserstein: distance in standard deviations of the reference.',
    ),
  max: z
    .number()
    .gt(0)
    .optional()
    .describe(
      'Greatest distance from the reference: psi 0.2, ks 0.1, chi_squared 0.1, jensen_shannon 0.1, wasserstein 0.1.',
    ),
  reference: z
    .union([z.enum(['previous', 'first']), z.int().min(1)])
    .default('previous')
    .describe(
      'Dataset version that it is compared with; of previous and first, those with the verdict Pass or Warn count.',
    ),
  minRows: z
    .int()
    .min(2)
    .default(100)
    .describe('With fewer values on either side the verdict is InsufficientData.'),
  ...about,
  ...warn,
});

/** One rule of a contract besides what is said with its columns. */
export const rule = z.discriminatedUnion('check', [
  notNull,
  range,
  allowed,
  pattern,
  length,
  unique,
  expression,
  references,
  outliers,
  rowCount,
  rowCountChange,
  nullShare,
  freshness,
  distribution,
]);
export const rules = z.array(rule).max(500);
