import { durationSeconds, durationText } from '#shared/kernel/duration.ts';
import {
  aggregationType,
  type ColumnType,
  type FeatureSurroundings,
  type SourceColumns,
  sourceColumns,
} from '../contract.ts';
import { type DefinitionViolation, unknownName, violationWhere } from './violation.ts';

type Aggregation = FeatureSurroundings['features']['featureViews'][string]['aggregations'][string];

const shortestWindowSeconds = 60;
const longestWindowSeconds = 400 * 86_400;

/** What must hold for an aggregation by itself. */
export function windowViolations(
  path: readonly (string | number)[],
  { function: fn, column, window }: Aggregation,
): DefinitionViolation[] {
  const seconds = durationSeconds(window);
  return [
    ...violationWhere(
      fn !== 'count' && column === undefined,
      [...path, 'column'],
      `${fn} needs a column of the source; name one, or use count`,
    ),
    ...violationWhere(
      seconds < shortestWindowSeconds || seconds > longestWindowSeconds,
      [...path, 'window'],
      `a window is ${durationText(shortestWindowSeconds)} to ${durationText(longestWindowSeconds)} long; this one is ${window}`,
    ),
  ];
}

/** What must hold between an aggregation and the columns of its source. */
export function aggregatedViolations(
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
