import * as z from 'zod';
import { columnType, projectName } from '#shared/contracts/parts.ts';
import { durationPattern } from '#shared/kernel/duration.ts';

/** Names of entities, views, services and features: they are parts of keys, file names and columns. */
const featureName = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,62}$/,
    'must begin with a letter and hold at most 63 lower-case letters, digits and underscores',
  );
const columnName = z.string().min(1).max(255);
const duration = z
  .string()
  .regex(durationPattern, 'must be a whole number and its unit (s, m, h, d), such as 90s, 15m, 2h or 7d');
const description = z.string().max(1000).optional().describe('For people.');
const owner = z
  .string()
  .min(1)
  .max(128)
  .optional()
  .describe('Who answers for it; else the project’s owners.');
const tags = z
  .record(z.string().min(1).max(128), z.string().max(256))
  .default({})
  .describe('Anything else, by name.');

/** What a feature is about: a driver, a customer. */
const entity = z.strictObject({
  joinKeys: z
    .record(columnName, z.enum(['string', 'integer']))
    .refine((keys) => Object.keys(keys).length >= 1 && Object.keys(keys).length <= 5, {
      message: 'one to five join keys are needed, each with its type: driver_id: string',
    })
    .describe('The columns that name one, with their types.'),
  description,
  owner,
  tags,
});

/** When a row happened, and when it became known. */
const timestamps = {
  eventTimestamp: columnName
    .optional()
    .describe('Column that says when a row happened; else the eventTime of the dataset.'),
  availabilityTimestamp: columnName
    .optional()
    .describe(
      'Column that says when a row became known. Without it and without a delay: when it was uploaded.',
    ),
  availabilityDelay: duration
    .optional()
    .describe(
      'How long after it happened a row became known, where no column says it: for history that was uploaded later.',
    ),
};

const dataSource = z
  .discriminatedUnion('type', [
    z
      .strictObject({
        type: z.literal('dataset').describe('Validated versions of a dataset.'),
        dataset: projectName.optional().describe('The project whose dataset it is; else this one.'),
        ...timestamps,
      })
      .refine((source) => !(source.availabilityTimestamp && source.availabilityDelay), {
        message: 'availabilityTimestamp and availabilityDelay say two things; keep one',
      }),
    z.strictObject({
      type: z.literal('captures').describe('What this project’s model was asked and what it answered.'),
    }),
    z.strictObject({
      type: z.literal('stream').describe('Records that are sent while things happen, by API or queue.'),
      columns: z.record(columnName, columnType).describe('What a record holds, besides the event timestamp.'),
      eventTimestamp: columnName
        .default('event_timestamp')
        .describe('Member of a record that says when it happened.'),
    }),
  ])
  .describe('Where rows of features come from.');

const feature = z.union([
  columnType,
  z.strictObject({
    type: columnType.describe('Type of the values.'),
    column: columnName.optional().describe('Column of the source; else the one of the feature’s name.'),
    description,
    sensitive: z.boolean().default(false).describe('Whether values are masked wherever people look at them.'),
  }),
]);

/** How rows of a window become a value. */
const aggregation = z.strictObject({
  function: z
    .enum(['count', 'sum', 'mean', 'min', 'max', 'last', 'distinct'])
    .describe(
      'count counts rows, or values of the column that are not null; distinct counts different values.',
    ),
  column: columnName.optional().describe('Column of the source; count may do without.'),
  window: duration.describe('How far back the window reaches from the time that is asked for.'),
  description,
  sensitive: z.boolean().default(false).describe('Whether values are masked wherever people look at them.'),
});

const featureView = z
  .strictObject({
    entities: z.array(featureName).min(1).max(5).describe('What its features are about.'),
    source: featureName.describe('Where its rows come from: one of sources.'),
    schema: z
      .record(featureName, feature)
      .default({})
      .describe('Features that are columns of the source: the newest row’s values.'),
    aggregations: z
      .record(featureName, aggregation)
      .default({})
      .describe('Features that are made of all rows in a window.'),
    ttl: duration
      .optional()
      .describe(
        'How old a row’s values may be; older ones count as missing. Not for aggregations: their window says it.',
      ),
    online: z
      .boolean()
      .default(true)
      .describe(
        'Whether the newest values are kept for online reading. Of a stream, another answer is another version of the view.',
      ),
    store: z
      .enum(['dynamodb', 'sagemaker'])
      .default('dynamodb')
      .describe(
        'Where online values are kept: the platform’s own table, or a SageMaker Feature Store group.',
      ),
    materialization: z
      .strictObject({
        onNewData: z
          .boolean()
          .default(true)
          .describe('Whether new validated data is written online at once.'),
        every: duration
          .optional()
          .describe('How often values are written online whatever happens, at least 15m.'),
      })
      .prefault({})
      .describe(
        'When values of a dataset or of captures are written online. Streams are written as they come.',
      ),
    freshness: z
      .strictObject({ maxLag: duration.describe('How old the newest value of the view may get.') })
      .optional()
      .describe('The objective that the view is held to.'),
    sensitivity: z
      .enum(['public', 'internal', 'confidential', 'personal', 'special_category'])
      .optional()
      .describe('Who may see it; special_category is personal data under article 9 of the GDPR.'),
    description,
    owner,
    tags,
  })
  .refine((view) => Object.keys(view.schema).length > 0 !== Object.keys(view.aggregations).length > 0, {
    message: 'a view has either a schema or aggregations; make two views where both are needed',
  });

const onDemandFeatureView = z.strictObject({
  request: z
    .record(columnName, columnType)
    .default({})
    .describe(
      'What the caller knows at the time of the prediction; in training, columns of the entity rows.',
    ),
  views: z.array(featureName).max(20).default([]).describe('Views whose features the expressions may name.'),
  features: z
    .record(
      featureName,
      z.strictObject({
        type: columnType.describe('Type of the value.'),
        expression: z.string().min(1).max(4000).describe('SQL expression of request members and features.'),
        description,
      }),
    )
    .refine((features) => Object.keys(features).length > 0, { message: 'at least one feature is needed' })
    .describe('What is computed, by the same code in training and in serving.'),
  description,
  owner,
  tags,
});

const featureService = z.strictObject({
  features: z
    .array(
      z
        .string()
        .regex(
          /^[a-z][a-z0-9_]{0,62}(:[a-z][a-z0-9_]{0,62})?$/,
          'must be the name of a view, or view:feature',
        ),
    )
    .min(1)
    .max(500)
    .describe('Views, whole, or features as view:feature; also of on-demand views.'),
  fullFeatureNames: z
    .boolean()
    .default(false)
    .describe('Whether features are named view__feature, for features of one name in two views.'),
  description,
  owner,
  tags,
});

const byName = <Part extends z.ZodType>(part: Part, most: number) =>
  z
    .record(featureName, part)
    .refine((parts) => Object.keys(parts).length <= most, { message: `at most ${most} can be declared` })
    .default({});

/**
 * Part `features` of a project file, and the file `features.yaml`: what is known about things, when it was known, and which of
 * it a model uses. In Feast's words.
 */
export const features = z.strictObject({
  entities: byName(entity, 100).describe('What features are about.'),
  sources: byName(dataSource, 100).describe('Where rows of features come from.'),
  featureViews: byName(featureView, 200).describe('Features of one source, with how long they hold.'),
  onDemandFeatureViews: byName(onDemandFeatureView, 100).describe(
    'Features computed when they are asked for.',
  ),
  featureServices: byName(featureService, 100).describe(
    'What one model, or one application, reads together.',
  ),
  skew: z
    .strictObject({
      maxMismatchRate: z
        .number()
        .min(0)
        .max(1)
        .default(0.01)
        .describe('Share of served values of a feature that may differ from what training would have seen.'),
      relativeTolerance: z
        .number()
        .min(0)
        .max(1)
        .default(1e-6)
        .describe('How much numbers may differ, as share of the greater one.'),
      maxInferences: z
        .int()
        .min(10)
        .max(100_000)
        .default(1000)
        .describe('Predictions compared at most each time.'),
      every: duration.default('1d').describe('How often it is looked at, at least 1h.'),
    })
    .prefault({})
    .describe('When serving counts as different from training.'),
});
