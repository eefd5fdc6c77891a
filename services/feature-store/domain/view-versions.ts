import {
  aggregationType,
  type FeatureDefinitions,
  type FeatureSurroundings,
  type SourceColumns,
  sourceColumns,
} from '#services/projects/contract.ts';
import { durationSeconds } from '#shared/kernel/duration.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import type {
  FeatureViewSettings,
  FeatureViewVersion,
  JoinKey,
  ViewAggregation,
  ViewFeature,
  ViewSource,
} from '../contract.ts';
import { hopSecondsOf } from './windows.ts';

/** A version of a view before it has a number. */
export type UnnumberedView = Omit<FeatureViewVersion, 'version' | 'createdAt' | 'projectRevision'>;

type DeclaredView = FeatureDefinitions['featureViews'][string];
type DeclaredSource = FeatureDefinitions['sources'][string];

/** Join keys of entities in the order that they are named, each once. */
export const joinKeysOf = (
  { entities }: Pick<FeatureDefinitions, 'entities'>,
  names: readonly string[],
): JoinKey[] => {
  const types = new Map(names.flatMap((name) => Object.entries(entities[name]?.joinKeys ?? {})));
  return [...types].map(([name, type]) => ({ name, type }));
};

/**
 * A view of checked definitions with nothing left open. Undefined where its dataset has no contract yet: then it has no rows either, and the
 * revision that brings the contract defines it.
 */
export function resolveView(surroundings: FeatureSurroundings, view: string): UnnumberedView | undefined {
  const { features, project } = surroundings;
  const declared = features.featureViews[view]!;
  const known = sourceColumns(surroundings, declared.source);
  const source = known && resolveSource(features.sources[declared.source]!, declared.source, project, known);
  const aggregations = known && resolveAggregations(declared, known);
  if (!source || !aggregations) return undefined;
  const resolved = {
    project,
    view,
    entities: declared.entities,
    joinKeys: joinKeysOf(features, declared.entities),
    source,
    features: resolveFeatures(declared),
    aggregations,
    ...(declared.ttl === undefined ? {} : { ttlSeconds: durationSeconds(declared.ttl) }),
    store: declared.store,
    ...(source.type === 'stream' && !declared.online ? { online: false as const } : {}),
  };
  return { ...resolved, definitionSha256: digestOf(decisive(resolved)) };
}

function resolveSource(
  declared: DeclaredSource,
  name: string,
  project: string,
  { eventTimestamp }: SourceColumns,
): ViewSource | undefined {
  if (declared.type === 'captures') return { type: 'captures', name };
  if (eventTimestamp === undefined) return undefined;
  if (declared.type === 'stream') return { type: 'stream', name, columns: declared.columns, eventTimestamp };
  const { availabilityTimestamp, availabilityDelay } = declared;
  return {
    type: 'dataset',
    name,
    dataset: declared.dataset ?? project,
    eventTimestamp,
    ...(availabilityTimestamp === undefined ? {} : { availabilityTimestamp }),
    ...(availabilityDelay === undefined
      ? {}
      : { availabilityDelaySeconds: durationSeconds(availabilityDelay) }),
  };
}

const resolveFeatures = ({ schema }: DeclaredView): ViewFeature[] =>
  Object.entries(schema).map(([name, feature]) =>
    typeof feature === 'string'
      ? { name, type: feature, column: name, sensitive: false }
      : {
          name,
          type: feature.type,
          column: feature.column ?? name,
          sensitive: feature.sensitive,
          ...(feature.description === undefined ? {} : { description: feature.description }),
        },
  );

function resolveAggregations(
  { aggregations }: DeclaredView,
  { columns }: SourceColumns,
): ViewAggregation[] | undefined {
  const resolved = Object.entries(aggregations).flatMap(([name, aggregation]): ViewAggregation[] => {
    const { column, description, sensitive } = aggregation;
    const type = aggregationType(aggregation, columns);
    if (!type) return [];
    const windowSeconds = durationSeconds(aggregation.window);
    return [
      {
        name,
        type,
        function: aggregation.function,
        ...(column === undefined ? {} : { column, columnType: columns[column]! }),
        windowSeconds,
        hopSeconds: hopSecondsOf(windowSeconds),
        sensitive,
        ...(description === undefined ? {} : { description }),
      },
    ];
  });
  return resolved.length === Object.keys(aggregations).length ? resolved : undefined;
}

/** All that a version says, but for people's words about features: those may change without another version. */
function decisive(view: Omit<UnnumberedView, 'definitionSha256'>) {
  const silent = <T extends { description?: string | undefined }>({ description: _, ...rest }: T) => rest;
  return { ...view, features: view.features.map(silent), aggregations: view.aggregations.map(silent) };
}

/** What a revision says about a view, besides its version. `owners` are the project's. */
export function settingsOf(declared: DeclaredView, owners: readonly string[]): FeatureViewSettings {
  const { online, owner, description, tags, sensitivity, materialization, freshness } = declared;
  return {
    online,
    owner: owner ?? owners.join(', '),
    ...(description === undefined ? {} : { description }),
    tags,
    ...(sensitivity === undefined ? {} : { sensitivity }),
    materialization: {
      onNewData: materialization.onNewData,
      ...(materialization.every === undefined
        ? {}
        : { everySeconds: durationSeconds(materialization.every) }),
    },
    ...(freshness === undefined ? {} : { freshness: { maxLagSeconds: durationSeconds(freshness.maxLag) } }),
  };
}

/** People's words about the features of a view, by name. */
export const descriptionsOf = ({ schema, aggregations }: DeclaredView): Record<string, string> =>
  Object.fromEntries(
    [...Object.entries(schema), ...Object.entries(aggregations)].flatMap(([name, feature]) =>
      typeof feature === 'object' && feature.description !== undefined ? [[name, feature.description]] : [],
    ),
  );
