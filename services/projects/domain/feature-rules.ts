import { durationSeconds } from '#shared/kernel/duration.ts';
import { type FeatureSurroundings, type ProjectDefinition, serviceMembers } from '../contract.ts';
import { untypedViolations } from './aggregation-rules.ts';
import { featureGroupViolations } from './feature-group-rules.ts';
import { joinKeysOf, serviceViolations } from './feature-service-rules.ts';
import { sourceViolations } from './feature-source-rules.ts';
import { viewViolations } from './feature-view-rules.ts';
import { onDemandViolations } from './on-demand-rules.ts';
import { type DefinitionViolation, ruleOf, unknownName, violationWhere } from './violation.ts';

const shortestSkewSeconds = 3600;

/** The data of other projects that features come from, by project. */
export type Datasets = FeatureSurroundings['datasets'];

/** What a definition's features are resolved against. */
export const surroundingsOf = (
  { name, features, data, target }: ProjectDefinition,
  datasets: Datasets,
): FeatureSurroundings => ({
  features,
  project: name,
  data,
  datasets,
  ...(target ? { task: target.task } : {}),
});

/** The rules of part `features`, and of the feature service that the model is trained with. Empty when all hold. */
export function featureViolations(definition: ProjectDefinition, datasets: Datasets): DefinitionViolation[] {
  const surroundings = surroundingsOf(definition, datasets);
  const { skew } = definition.features;
  const own = [
    ...sourceViolations(surroundings, definition),
    ...viewViolations(surroundings),
    ...featureGroupViolations(surroundings),
    ...untypedViolations(surroundings),
    ...onDemandViolations(surroundings),
    ...serviceViolations(surroundings),
    ...violationWhere(
      durationSeconds(skew.every) < shortestSkewSeconds,
      ['skew', 'every'],
      `every is ${skew.every}, and 1h is the least: a comparison reads the history of all views`,
    ),
  ];
  return [
    ...own.map(({ path, message }) => ({ path: ['features', ...path], message })),
    ...(own.length === 0 ? trainingViolations(definition, surroundings) : []),
  ];
}

/** What must hold between the data that a model is trained on and the feature service whose features it sees besides. */
function trainingViolations(
  { data, features, training }: ProjectDefinition,
  surroundings: FeatureSurroundings,
): DefinitionViolation[] {
  const service = training.featureService;
  if (service === undefined) return [];
  const path = ['training', 'featureService'];
  const unknown = unknownName(path, service, Object.keys(features.featureServices), {
    one: 'feature service',
    under: 'features.featureServices',
  });
  // Columns come with the contract, and then this is asked again.
  if (unknown.length > 0 || Object.keys(data.columns).length === 0) return unknown;
  const members = serviceMembers(surroundings, service);
  const needed = [
    ...[...joinKeysOf(surroundings, service)].map(([name, type]) => ({ name, type, what: 'join key' })),
    ...(members?.request ?? []).map(({ name, type }) => ({ name, type, what: 'request member' })),
  ];
  return [
    ...violationWhere(
      data.eventTime === undefined,
      ['data', 'eventTime'],
      `the model is trained with the feature service '${service}', and nothing says at which time its values are wanted; name a column of type timestamp`,
    ),
    ...needed.flatMap(({ name, type, what }) => {
      const found = ruleOf(data.columns, name)?.type;
      const fits = found === type || (found === 'integer' && type === 'number');
      return violationWhere(
        !fits,
        path,
        found === undefined
          ? `'${name}', a ${what} of the feature service '${service}', is no column of the data; add it to data.columns as ${type}`
          : `'${name}', a ${what} of the feature service '${service}', is ${type}, and the column of the data is ${found}; give both one type`,
      );
    }),
    ...(members?.outputs ?? []).flatMap(({ name, type }) => [
      ...violationWhere(
        type === 'string' || type === 'timestamp',
        path,
        `'${name}' of the feature service '${service}' is ${type}, and a model's features are numbers or booleans; leave it out of the service, or make a number of it in an on-demand view`,
      ),
      ...violationWhere(
        ruleOf(data.columns, name) !== undefined,
        path,
        `'${name}' is a column of the data and a feature of the service '${service}'; set fullFeatureNames: true for the service, or rename one`,
      ),
    ]),
  ];
}
