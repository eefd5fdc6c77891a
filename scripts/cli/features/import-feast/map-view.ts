import type * as z from 'zod';
import type { featureDefinitions } from '#services/projects/contract.ts';
import { durationText } from '#shared/kernel/duration.ts';
import { aboutOf, renamed } from './about.ts';
import { type MappedSource, mapDataset, mapStream } from './map-source.ts';
import { featureNameOf } from './names.ts';
import type { ImportNotes } from './notes.ts';
import type { FeastAggregation, FeastField, FeastView } from './registry-objects.ts';
import { columnTypeOf, valueTypeText } from './value-types.ts';

type Written = z.input<typeof featureDefinitions>;
type WrittenView = NonNullable<Written['featureViews']>[string];
type MappedFeature = NonNullable<WrittenView['schema']>[string];

const functions = ['count', 'sum', 'mean', 'min', 'max'] as const;
/** The name of the entity that Feast gives to views without any. */
const noEntity = '__dummy';

/** A view as it is written here, with the source that it reads. */
export interface MappedView {
  readonly name: string;
  readonly view: WrittenView;
  readonly source: MappedSource;
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
