import { durationSeconds, durationText } from '#shared/kernel/duration.ts';
import {
  aggregationType,
  type ColumnType,
  type FeatureSurroundings,
  type SourceColumns,
  sourceColumns,
} from '../contract.ts';
import { type DefinitionViolation, unknownName, violationWhere } from './violation.ts';

type View = FeatureSurroundings['features']['featureViews'][string];
type Aggregation = View['aggregations'][string];

const shortestWindowSeconds = 60;
const longestWindowSeconds = 400 * 86_400;
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

function aggregatedViolations(
  path: readonly (string | number)[],
  aggregation: Aggregation,
  known: SourceColumns,
  source: string,
): DefinitionViolation[] {
  const { function: fn, column } = aggregation;
  // A function without the column it needs is told of with the aggregation's settings.
  if (column === undefined) return [];
  const unknown = unknownName([...path, 'column'], column, Object.keys(known.columns), {
    one: `column of source '${source}'`,
    under: 'its columns',
  });
  if (unknown.length > 0) return unknown;
  const type = known.columns[column]!;
  const allowed = typesOfFunction[fn];
  return violationWhere(
    allowed !== undefined && !allowed.includes(type),
    [...path, 'function'],
    `${fn} needs a column of type ${allowed?.join(' or ')}; '${column}' is ${type}. Use count, distinct or last, or name another column`,
  );
}

/** Functions that take some types only. */
const typesOfFunction: Readonly<Partial<Record<Aggregation['function'], readonly ColumnType[]>>> = {
  sum: ['number', 'integer'],
  mean: ['number', 'integer'],
  min: ['number', 'integer', 'timestamp'],
  max: ['number', 'integer', 'timestamp'],
};

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
    ...Object.entries(aggregations).flatMap(([feature, { function: fn, column, window }]) => {
      const at = [...path, 'aggregations', feature];
      const seconds = durationSeconds(window);
      return [
        ...violationWhere(
          fn !== 'count' && column === undefined,
          [...at, 'column'],
          `${fn} needs a column of the source; name one, or use count`,
        ),
        ...violationWhere(
          seconds < shortestWindowSeconds || seconds > longestWindowSeconds,
          [...at, 'window'],
          `a window is ${durationText(shortestWindowSeconds)} to ${durationText(longestWindowSeconds)} long; this one is ${window}`,
        ),
      ];
    }),
  ];
}

/** Aggregations of captures whose type follows from a column that nothing declares. */
export function untypedViolations(surroundings: FeatureSurroundings): DefinitionViolation[] {
  const { features } = surroundings;
  return Object.entries(features.featureViews)
    .filter(([, { source }]) => features.sources[source]?.type === 'captures')
    .flatMap(([view, { aggregations, source }]) => {
      const { columns } = sourceColumns(surroundings, source)!;
      return Object.entries(aggregations)
        .filter(
          ([, aggregation]) => aggregation.column !== undefined && !aggregationType(aggregation, columns),
        )
        .map(([feature, { column }]) => ({
          path: ['featureViews', view, 'aggregations', feature, 'column'],
          message: `nothing says of which type '${column}' of captured predictions is; use count, distinct or mean, or another column`,
        }));
    });
}
