import type * as z from 'zod';
import type { columnType, LearningTask } from '#shared/contracts/parts.ts';
import type { data } from './data.ts';
import type { features } from './features.ts';

export type ColumnType = z.infer<typeof columnType>;
type Features = z.output<typeof features>;
type Data = z.output<typeof data>;

/** What is known about the rows of a source. */
export interface SourceColumns {
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Absent where neither the source nor its dataset names one, and for captures, which have a time of their own. */
  readonly eventTimestamp?: string;
}

/** What features are resolved against: the project's own data, and the data of other projects whose datasets it names. */
export interface FeatureSurroundings {
  readonly features: Features;
  readonly project: string;
  readonly data: Data;
  /** What the project's model is asked; absent where it has none. */
  readonly task?: LearningTask;
  /** By name; those that have no contract yet have no columns. */
  readonly datasets: ReadonlyMap<string, Data>;
}

/** The dataset projects that definitions name besides their own. */
export const foreignDatasets = ({ sources }: Features, project: string): string[] => [
  ...new Set(
    Object.values(sources).flatMap((source) =>
      source.type === 'dataset' && source.dataset !== undefined && source.dataset !== project
        ? [source.dataset]
        : [],
    ),
  ),
];

/** The columns of a source; undefined where its dataset has no contract yet, or the source is none. */
export function sourceColumns(surroundings: FeatureSurroundings, name: string): SourceColumns | undefined {
  const { features, project, data, datasets } = surroundings;
  const source = Object.hasOwn(features.sources, name) ? features.sources[name] : undefined;
  if (!source) return undefined;
  if (source.type === 'stream') {
    const { columns, eventTimestamp } = source;
    return { columns: { ...columns, [eventTimestamp]: 'timestamp' }, eventTimestamp };
  }
  if (source.type === 'captures') return { columns: captureColumns(surroundings) };
  const dataset = source.dataset ?? project;
  const declared = dataset === project ? data : datasets.get(dataset);
  if (!declared || Object.keys(declared.columns).length === 0) return undefined;
  const eventTimestamp = source.eventTimestamp ?? declared.eventTime;
  return { columns: typesOf(declared), ...(eventTimestamp === undefined ? {} : { eventTimestamp }) };
}

/**
 * What a captured prediction holds: join keys, what the model saw, what it answered. The model's features by name are the data's columns
 * and what views declare; where an aggregation's type follows from another column it cannot be read here.
 */
function captureColumns({ features, data, task }: FeatureSurroundings): Record<string, ColumnType> {
  const keys = Object.values(features.entities).flatMap(({ joinKeys }) => Object.entries(joinKeys));
  const declared = Object.entries(features.featureViews).flatMap(([view, { schema }]) =>
    Object.entries(schema).flatMap(([name, feature]) => {
      const type = typeof feature === 'string' ? feature : feature.type;
      return [[name, type] as const, [`${view}__${name}`, type] as const];
    }),
  );
  const computed = Object.values(features.onDemandFeatureViews).flatMap((view) =>
    Object.entries(view.features).map(([name, { type }]) => [name, type] as const),
  );
  return {
    ...Object.fromEntries([...declared, ...computed]),
    ...typesOf(data),
    ...Object.fromEntries(keys),
    inference_id: 'string',
    model_version: 'integer',
    prediction: task === 'regression' ? 'number' : 'string',
  };
}

const typesOf = ({ columns }: Data): Record<string, ColumnType> =>
  Object.fromEntries(Object.entries(columns).map(([name, { type }]) => [name, type]));

/** The type of an aggregation over a column; undefined where the column's type is not known. */
export function aggregationType(
  aggregation: Features['featureViews'][string]['aggregations'][string],
  columns: Readonly<Record<string, ColumnType>>,
): ColumnType | undefined {
  if (aggregation.function === 'count' || aggregation.function === 'distinct') return 'integer';
  if (aggregation.function === 'mean') return 'number';
  const { column } = aggregation;
  return column !== undefined && Object.hasOwn(columns, column) ? columns[column] : undefined;
}

/** The features of a view with their types, in the order of the file; a type is undefined where it cannot be known yet. */
export function viewFeatureTypes(
  surroundings: FeatureSurroundings,
  view: string,
): readonly { readonly name: string; readonly type: ColumnType | undefined }[] {
  const { schema, aggregations, source } = surroundings.features.featureViews[view]!;
  const columns = sourceColumns(surroundings, source)?.columns ?? {};
  return [
    ...Object.entries(schema).map(([name, feature]) => ({
      name,
      type: typeof feature === 'string' ? feature : feature.type,
    })),
    ...Object.entries(aggregations).map(([name, aggregation]) => ({
      name,
      type: aggregationType(aggregation, columns),
    })),
  ];
}
