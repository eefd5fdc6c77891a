import type * as z from 'zod';
import type { ColumnType, featureDefinitions } from '#services/projects/contract.ts';
import { featureNameOf, projectNameOf } from './names.ts';
import type { ImportNotes } from './notes.ts';
import type { FeastSource, FeastView } from './registry-objects.ts';
import { columnTypeOf } from './value-types.ts';

export type WrittenSources = NonNullable<z.input<typeof featureDefinitions>['sources']>;

/** A source as it is written here. */
export interface MappedSource {
  readonly name: string;
  readonly written: WrittenSources[string];
}

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
/** A batch source: the data of a project, which is to be uploaded. */
export function mapDataset(source: FeastSource, notes: ImportNotes): MappedSource {
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
export function mapStream(
  view: FeastView,
  source: FeastSource,
  schema: ReadonlyMap<
    string,
    {
      readonly name: string;
      readonly written: ColumnType | { readonly type: ColumnType; readonly column?: string | undefined };
    }
  >,
  notes: ImportNotes,
): MappedSource {
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
