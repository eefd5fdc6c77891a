import type * as z from 'zod';
import type { featureDefinitions } from '#services/projects/contract.ts';
import { durationText } from '#shared/kernel/duration.ts';
import { featureNameOf, projectNameOf } from './names.ts';
import type { ImportNotes } from './notes.ts';
import type { FeastAbout, FeastAggregation, FeastField, FeastSource, FeastView } from './registry-objects.ts';
import { columnTypeOf, valueTypeText } from './value-types.ts';

type Written = z.input<typeof featureDefinitions>;
export type WrittenSources = NonNullable<Written['sources']>;
export type WrittenView = NonNullable<Written['featureViews']>[string];

/** Numbers of Feast's enumeration SourceType. */
const sourceTypes = { kafka: 3, kinesis: 4, push: 9 } as const;
const batchNames: Readonly<Record<number, string>> = {
  1: 'file',
  2: 'BigQuery',
  5: 'Redshift',
  6: 'custom',
  8: 'Snowflake',
  10: 'Trino',
  11: 'Spark',
  12: 'Athena',
  13: 'Iceberg',
};
const functions = ['count', 'sum', 'mean', 'min', 'max'] as const;
/** The name of the entity that Feast gives to views without any. */
const noEntity = '__dummy';

/** A view as it is written here, with the source that it reads. */
export interface MappedView {
  readonly name: string;
  readonly view: WrittenView;
  readonly source: { readonly name: string; readonly written: WrittenSources[string] };
  /** Names here of the features that there are, by Feast's. */
  readonly features: ReadonlyMap<string, string>;
}

/** A view of Feast's; undefined, with notes, where nothing can stand for it. */
export function mapView(view: FeastView, notes: ImportNotes): MappedView | undefined {
  const subject = `feature view ${view.name}`;
  const refuse = (reason: string): undefined => void notes.leftOut(subject, reason);
  if (view.entities.filter((entity) => entity !== noEntity).length === 0)
    return refuse('it has no entity, and features are kept by entity; give its rows a key');
  if (view.isTransformed)
    return refuse('Python code makes its features; make them before the data is uploaded');
  const source = view.streamSource ?? view.batchSource;
  if (!source) return refuse('it has no source of rows; it is made of other views');
  const columns = new Map(Object.entries(source.fieldMapping).map(([column, feature]) => [feature, column]));
  const schema = mapSchema(view, columns, notes);
  const aggregations = mapAggregations(view, notes);
  const isAggregated = view.aggregations.length > 0;
  const written = isAggregated ? aggregations : schema;
  if (written.size === 0) return refuse('none of its features has a type that there is here');
  const mapped = view.streamSource
    ? mapStream(view, view.streamSource, schema, notes)
    : mapDataset(source, notes);
  return {
    name: renamed(view.name, subject, notes),
    source: mapped,
    features: new Map([...written].map(([feature, { name }]) => [feature, name])),
    view: {
      entities: view.entities.map(featureNameOf),
      source: mapped.name,
      ...(isAggregated
        ? {
            aggregations: Object.fromEntries(
              [...aggregations.values()].map(({ name, written: w }) => [name, w]),
            ),
          }
        : { schema: Object.fromEntries([...schema.values()].map(({ name, written: w }) => [name, w])) }),
      ...(view.ttlSeconds > 0 && !isAggregated ? { ttl: durationText(view.ttlSeconds) } : {}),
      ...(view.online ? {} : { online: false }),
      ...aboutOf(view),
    },
  };
}

type MappedFeature = NonNullable<WrittenView['schema']>[string];

function mapSchema(view: FeastView, columns: ReadonlyMap<string, string>, notes: ImportNotes) {
  return new Map(
    view.features.flatMap((field): [string, { name: string; written: MappedFeature }][] => {
      const type = columnTypeOf(field.valueType);
      if (!type) {
        notes.leftOut(
          `feature ${view.name}:${field.name}`,
          `it is ${valueTypeText(field.valueType)}, and features are numbers, texts, booleans or times`,
        );
        return [];
      }
      const name = renamed(field.name, `feature ${view.name}:${field.name}`, notes);
      const column = columns.get(field.name) ?? field.name;
      const isPlain = column === name && field.description === '';
      return [[field.name, { name, written: isPlain ? type : detailed(type, name, column, field) }]];
    }),
  );
}

const detailed = (
  type: Extract<MappedFeature, string>,
  name: string,
  column: string,
  { description }: FeastField,
): MappedFeature => ({
  type,
  ...(column === name ? {} : { column }),
  ...(description === '' ? {} : { description }),
});

type MappedAggregation = NonNullable<WrittenView['aggregations']>[string];

function mapAggregations(view: FeastView, notes: ImportNotes) {
  return new Map(
    view.aggregations.flatMap((aggregation): [string, { name: string; written: MappedAggregation }][] => {
      const feature = aggregatedName(aggregation);
      const fn = aggregation.function === 'avg' ? 'mean' : aggregation.function;
      const known = functions.find((name) => name === fn);
      const reason = !known
        ? `the function ${aggregation.function} is none of ${functions.join(', ')}`
        : aggregation.windowSeconds === 0
          ? 'it has no window, and aggregations are made of the rows of a window'
          : undefined;
      if (!known || reason !== undefined) {
        notes.leftOut(`aggregation ${view.name}:${feature}`, reason!);
        return [];
      }
      const { column, windowSeconds } = aggregation;
      const written = { function: known, column, window: durationText(windowSeconds) };
      return [[feature, { name: featureNameOf(feature), written }]];
    }),
  );
}

/** The name that Feast gives to an aggregation without one. */
const aggregatedName = ({ name, function: fn, column, windowSeconds }: FeastAggregation): string =>
  name || (windowSeconds > 0 ? `${fn}_${column}_${windowSeconds}s` : `${fn}_${column}`);

/** A batch source: the data of a project, which is to be uploaded. */
function mapDataset(source: FeastSource, notes: ImportNotes): MappedView['source'] {
  const { type, timestampField, createdTimestampColumn, datePartitionColumn } = source;
  const dataset = projectNameOf(source.name);
  const kind = batchNames[type] ?? `Feast's type ${type}`;
  const subject = `data source ${source.name}`;
  notes.toDo(
    subject,
    `its rows (${kind}) come here as the dataset of a project: apply a project '${dataset}' and upload them, or write the name of the project that has them`,
  );
  if (createdTimestampColumn !== '')
    notes.changed(
      subject,
      `rows count from ${createdTimestampColumn} on, as availabilityTimestamp; Feast only takes the later of two rows of one time by it`,
    );
  if (datePartitionColumn !== '')
    notes.leftOut(`${subject}, date partition ${datePartitionColumn}`, 'uploads are read whole');
  return {
    name: featureNameOf(source.name),
    written: {
      type: 'dataset',
      dataset,
      ...(timestampField === '' ? {} : { eventTimestamp: timestampField }),
      ...(createdTimestampColumn === '' ? {} : { availabilityTimestamp: createdTimestampColumn }),
    },
  };
}

/** A push source, or a stream of messages: records are sent here by API or queue. A stream feeds one view, so it is named by the view. */
function mapStream(
  view: FeastView,
  source: FeastSource,
  schema: ReadonlyMap<string, { readonly name: string; readonly written: MappedFeature }>,
  notes: ImportNotes,
): MappedView['source'] {
  const subject = `data source ${source.name}`;
  const kind =
    source.type === sourceTypes.push ? 'push' : source.type === sourceTypes.kafka ? 'Kafka' : 'Kinesis';
  notes.toDo(
    subject,
    source.type === sourceTypes.push
      ? `send its records to the stream view '${featureNameOf(view.name)}': by API, or by the records queue`
      : `nothing reads ${kind} here; forward its messages to the records queue, for the view '${featureNameOf(view.name)}'`,
  );
  if (view.batchSource)
    notes.leftOut(
      `batch source ${view.batchSource.name} of ${subject}`,
      'a stream’s history is what was sent to it; send what there is, oldest first',
    );
  const eventTimestamp = source.timestampField || view.batchSource?.timestampField;
  const types = new Map(
    view.entityColumns.map(({ name, valueType }) => [name, columnTypeOf(valueType) ?? 'string']),
  );
  for (const { name, written } of schema.values()) {
    const column = typeof written === 'string' ? name : (written.column ?? name);
    types.set(column, typeof written === 'string' ? written : written.type);
  }
  for (const { column } of view.aggregations) if (!types.has(column)) types.set(column, 'number');
  return {
    name: featureNameOf(`${view.name}_records`),
    written: {
      type: 'stream',
      columns: Object.fromEntries(types),
      ...(eventTimestamp === undefined || eventTimestamp === '' ? {} : { eventTimestamp }),
    },
  };
}

/** A name of Feast's as it is here; a note tells where it is another. */
export function renamed(name: string, subject: string, notes: ImportNotes): string {
  const here = featureNameOf(name);
  if (here !== name) notes.changed(subject, `it is named '${here}' here`);
  return here;
}

const maxDescription = 1000;
const maxTag = 256;

/** What objects say of themselves, as far as it has room. */
export const aboutOf = ({ description, owner, tags }: FeastAbout) => ({
  ...(description === '' ? {} : { description: description.slice(0, maxDescription) }),
  ...(owner === '' ? {} : { owner: owner.slice(0, 128) }),
  ...(Object.keys(tags).length === 0
    ? {}
    : {
        tags: Object.fromEntries(
          Object.entries(tags).map(([name, value]) => [name.slice(0, 128), value.slice(0, maxTag)]),
        ),
      }),
});
