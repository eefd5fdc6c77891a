import type { FeatureSurroundings, ProjectDefinition } from '../contract.ts';
import { sourceColumns } from '../contract.ts';
import { type DefinitionViolation, ruleOf, violationWhere } from './violation.ts';

type Source = FeatureSurroundings['features']['sources'][string];
type Path = readonly (string | number)[];

/** What must hold for the sources of features. Paths begin at `features`. */
export function sourceViolations(
  surroundings: FeatureSurroundings,
  { target, training }: ProjectDefinition,
): DefinitionViolation[] {
  return Object.entries(surroundings.features.sources).flatMap(([name, source]) => {
    if (source.type === 'dataset') return datasetViolations(surroundings, name, source);
    if (source.type === 'stream') return streamViolations(surroundings, name, source);
    return violationWhere(
      !target || training.featureService === undefined,
      ['sources', name],
      `captures hold what the project's model was asked by entity, and ${target ? 'training.featureService is not set; set it' : 'the project has no target; declare one'}, or use another source`,
    );
  });
}

function datasetViolations(
  surroundings: FeatureSurroundings,
  name: string,
  source: Extract<Source, { type: 'dataset' }>,
): DefinitionViolation[] {
  const path = ['sources', name];
  const { project, data, datasets } = surroundings;
  const dataset = source.dataset ?? project;
  const declared = dataset === project ? data : datasets.get(dataset);
  const known = sourceColumns(surroundings, name);
  if (!declared || !known) {
    return violationWhere(
      dataset !== project && declared !== undefined,
      [...path, 'dataset'],
      `project '${dataset}' has no contract yet, so that its columns are not known; upload data there and approve the suggestion, or apply one: millrace contract apply ${dataset} contract.yaml`,
    );
  }
  const named = (['eventTimestamp', 'availabilityTimestamp'] as const).flatMap((member) => {
    const column = source[member];
    return column === undefined
      ? []
      : timestampViolations([...path, member], column, declared.columns, dataset);
  });
  return [
    ...named,
    ...violationWhere(
      known.eventTimestamp === undefined,
      [...path, 'eventTimestamp'],
      `the dataset of '${dataset}' names no eventTime, so that nothing says when its rows happened; name a column of type timestamp: eventTimestamp`,
    ),
  ];
}

function timestampViolations(
  path: Path,
  column: string,
  columns: FeatureSurroundings['data']['columns'],
  dataset: string,
): DefinitionViolation[] {
  const type = ruleOf(columns, column)?.type;
  const times = Object.keys(columns).filter((name) => columns[name]!.type === 'timestamp');
  return violationWhere(
    type !== 'timestamp',
    path,
    type === undefined
      ? `'${column}' is no column of the dataset of '${dataset}'; columns of type timestamp are: ${times.join(', ') || 'none'}`
      : `'${column}' of '${dataset}' is ${type}; a time is a column of type timestamp: ${times.join(', ') || 'none'}`,
  );
}

function streamViolations(
  { features }: FeatureSurroundings,
  name: string,
  { columns, eventTimestamp }: Extract<Source, { type: 'stream' }>,
): DefinitionViolation[] {
  const path = ['sources', name];
  const views = Object.entries(features.featureViews).filter(([, { source }]) => source === name);
  return [
    ...Object.keys(columns)
      .filter((column) => column.startsWith('_'))
      .map((column) => ({
        path: [...path, 'columns', column],
        message: `'${column}' begins with _, which the platform keeps for columns of its own`,
      })),
    ...violationWhere(
      Object.hasOwn(columns, eventTimestamp) && columns[eventTimestamp] !== 'timestamp',
      [...path, 'columns', eventTimestamp],
      `'${eventTimestamp}' says when a record happened, so it is timestamp; leave it out of columns, or name another eventTimestamp`,
    ),
    ...views.slice(1).map(([view]) => ({
      path: ['featureViews', view, 'source'],
      message: `stream '${name}' feeds '${views[0]![0]}' already, and a stream feeds one view; declare another stream`,
    })),
  ];
}
