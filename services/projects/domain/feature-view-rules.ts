import { durationSeconds, durationText } from '#shared/kernel/duration.ts';
import { type ColumnType, type FeatureSurroundings, type SourceColumns, sourceColumns } from '../contract.ts';
import { aggregatedViolations, windowViolations } from './aggregation-rules.ts';
import { type DefinitionViolation, unknownName, violationWhere } from './violation.ts';

type View = FeatureSurroundings['features']['featureViews'][string];

const shortestEverySeconds = 15 * 60;

/** What must hold for feature views. Paths begin at `features`. */
export function viewViolations(surroundings: FeatureSurroundings): DefinitionViolation[] {
  return Object.entries(surroundings.features.featureViews).flatMap(([name, view]) => [
    ...referenceViolations(surroundings, name, view),
    ...columnViolations(surroundings, name, view),
    ...settingViolations(name, view),
  ]);
}

function referenceViolations(
  { features }: FeatureSurroundings,
  name: string,
  { entities, source }: View,
): DefinitionViolation[] {
  const path = ['featureViews', name];
  return [
    ...entities.flatMap((entity, index) =>
      unknownName([...path, 'entities', index], entity, Object.keys(features.entities), {
        one: 'entity',
        under: 'entities',
      }),
    ),
    ...unknownName([...path, 'source'], source, Object.keys(features.sources), {
      one: 'source',
      under: 'sources',
    }),
    ...violationWhere(
      Object.hasOwn(features.onDemandFeatureViews, name),
      path,
      `'${name}' is the name of an on-demand feature view too; rename one of them`,
    ),
    ...keyTypeViolations(features, name, entities),
  ];
}

/** Two entities of a view may share a join key, of one type. */
function keyTypeViolations(
  features: FeatureSurroundings['features'],
  view: string,
  entities: readonly string[],
): DefinitionViolation[] {
  const keys = entities.flatMap((entity) => Object.entries(features.entities[entity]?.joinKeys ?? {}));
  const types = new Map(keys);
  const [other] = keys.find(([key, type]) => types.get(key) !== type) ?? [];
  return violationWhere(
    other !== undefined,
    ['featureViews', view, 'entities'],
    `its entities have the join key '${other}' with two types; give it one type`,
  );
}

function columnViolations(
  surroundings: FeatureSurroundings,
  name: string,
  view: View,
): DefinitionViolation[] {
  const { features } = surroundings;
  const known = sourceColumns(surroundings, view.source);
  const joinKeys = new Map(
    view.entities.flatMap((entity) => Object.entries(features.entities[entity]?.joinKeys ?? {})),
  );
  const path = ['featureViews', name];
  const named = [...Object.keys(view.schema), ...Object.keys(view.aggregations)]
    .filter((feature) => joinKeys.has(feature))
    .map((feature) => ({
      path: [...path, Object.hasOwn(view.schema, feature) ? 'schema' : 'aggregations', feature],
      message: `'${feature}' is a join key of the view; name the feature otherwise`,
    }));
  // What captures hold depends on the model; what its features are called is known, not everything's type.
  if (!known || features.sources[view.source]?.type === 'captures') return named;
  return [
    ...named,
    ...[...joinKeys].flatMap(([key, type]) =>
      fitViolations([...path, 'source'], key, type, known, `source '${view.source}'`, 'join key'),
    ),
    ...Object.entries(view.schema).flatMap(([feature, declared]) => {
      const type = typeof declared === 'string' ? declared : declared.type;
      const column = typeof declared === 'string' ? feature : (declared.column ?? feature);
      return fitViolations(
        [...path, 'schema', feature],
        column,
        type,
        known,
        `source '${view.source}'`,
        'feature',
      );
    }),
    ...Object.entries(view.aggregations).flatMap(([feature, aggregation]) =>
      aggregatedViolations([...path, 'aggregations', feature], aggregation, known, view.source),
    ),
  ];
}

/** A column of a source as a value of a type: an integer is a number too. */
function fitViolations(
  path: readonly (string | number)[],
  column: string,
  type: ColumnType,
  { columns }: SourceColumns,
  where: string,
  what: string,
): DefinitionViolation[] {
  const found = Object.hasOwn(columns, column) ? columns[column] : undefined;
  if (found === undefined)
    return unknownName(path, column, Object.keys(columns), {
      one: `column of ${where}`,
      under: 'its columns',
    });
  return violationWhere(
    found !== type && !(found === 'integer' && type === 'number'),
    path,
    `column '${column}' of ${where} is ${found}, and the ${what} is ${type}; give it the type ${found}`,
  );
}

function settingViolations(name: string, view: View): DefinitionViolation[] {
  const path = ['featureViews', name];
  const { ttl, aggregations, materialization } = view;
  return [
    ...violationWhere(
      ttl !== undefined && Object.keys(aggregations).length > 0,
      [...path, 'ttl'],
      'a view with aggregations has no ttl: their windows say how old rows may be; leave ttl out',
    ),
    ...violationWhere(
      materialization.every !== undefined && durationSeconds(materialization.every) < shortestEverySeconds,
      [...path, 'materialization', 'every'],
      `every is ${materialization.every}, and ${durationText(shortestEverySeconds)} is the least; values that change faster come by a stream`,
    ),
    ...Object.entries(aggregations).flatMap(([feature, aggregation]) =>
      windowViolations([...path, 'aggregations', feature], aggregation),
    ),
  ];
}
