import { type FeatureSurroundings, serviceReferences } from '../contract.ts';
import { type DefinitionViolation, unknownName, violationWhere } from './violation.ts';

/** Most features of a service: its versions are one item each, and what online answers hold. */
const maxOutputs = 500;
/** Most views that all services pin together: they are in one event. */
const maxPins = 2000;

/** What must hold for feature services: what they name exists, by names that tell apart. Paths begin at `features`. */
export function serviceViolations(surroundings: FeatureSurroundings): DefinitionViolation[] {
  const { features } = surroundings;
  const found = Object.keys(features.featureServices).flatMap((service) => {
    const unknown = unknownReferences(surroundings, service);
    return unknown.length > 0 ? unknown : namingViolations(surroundings, service);
  });
  if (found.length > 0) return found;
  const pins = Object.values(features.featureServices).reduce(
    (sum, service) =>
      sum +
      new Set(service.features.flatMap((reference) => viewsBehind(features, reference.split(':')[0]!))).size,
    0,
  );
  return violationWhere(
    pins > maxPins,
    ['featureServices'],
    `all services together read ${pins} views; ${maxPins} are allowed. Drop services that nobody reads`,
  );
}

const viewsBehind = (features: FeatureSurroundings['features'], view: string): readonly string[] =>
  features.onDemandFeatureViews[view]?.views ?? [view];

function unknownReferences({ features }: FeatureSurroundings, service: string): DefinitionViolation[] {
  const views = [...Object.keys(features.featureViews), ...Object.keys(features.onDemandFeatureViews)];
  return features.featureServices[service]!.features.flatMap((reference, index) => {
    const path = ['featureServices', service, 'features', index];
    const [view = '', feature] = reference.split(':');
    const unknown = unknownName(path, view, views, {
      one: 'feature view',
      under: 'featureViews and onDemandFeatureViews',
    });
    if (unknown.length > 0 || feature === undefined) return unknown;
    const declared = features.featureViews[view];
    const names = declared
      ? [...Object.keys(declared.schema), ...Object.keys(declared.aggregations)]
      : Object.keys(features.onDemandFeatureViews[view]!.features);
    return unknownName(path, feature, names, { one: `feature of '${view}'`, under: 'the view' });
  });
}

function namingViolations(surroundings: FeatureSurroundings, service: string): DefinitionViolation[] {
  const { features } = surroundings;
  const path = ['featureServices', service, 'features'];
  const references = serviceReferences(surroundings, service);
  const joinKeys = joinKeysOf(surroundings, service);
  const seen = new Map<string, { view: string; feature: string }>();
  const clashes = references.flatMap(({ view, feature, as }) => {
    const before = seen.get(as);
    seen.set(as, { view, feature });
    if (before?.view === view && before.feature === feature)
      return [{ path, message: `${view}:${feature} is named twice; drop one` }];
    if (before)
      return [
        {
          path,
          message: `${before.view}:${feature} and ${view}:${feature} would both be named '${as}'; set fullFeatureNames: true`,
        },
      ];
    return violationWhere(
      joinKeys.has(as),
      path,
      `${view}:${feature} would be named '${as}', which is a join key; set fullFeatureNames: true, or rename the feature`,
    );
  });
  return [
    ...clashes,
    ...requestViolations(features, service),
    ...violationWhere(
      references.length > maxOutputs,
      path,
      `the service has ${references.length} features; ${maxOutputs} are allowed. Name those that are needed as view:feature`,
    ),
  ];
}

/** One name that a caller sends has one type. */
function requestViolations(
  features: FeatureSurroundings['features'],
  service: string,
): DefinitionViolation[] {
  const { features: references } = features.featureServices[service]!;
  const views = [...new Set(references.map((reference) => reference.split(':')[0]!))];
  const members = views.flatMap((view) => Object.entries(features.onDemandFeatureViews[view]?.request ?? {}));
  const types = new Map(members);
  const [name] = members.find(([member, type]) => types.get(member) !== type) ?? [];
  return violationWhere(
    name !== undefined,
    ['featureServices', service, 'features'],
    `its on-demand views take '${name}' with two types; give it one type`,
  );
}

/** Join keys of all views that a service reads, with their types. */
export function joinKeysOf({ features }: FeatureSurroundings, service: string): ReadonlyMap<string, string> {
  const references = features.featureServices[service]?.features ?? [];
  const views = references.flatMap((reference) => viewsBehind(features, reference.split(':')[0]!));
  return new Map(
    views
      .flatMap((view) => features.featureViews[view]?.entities ?? [])
      .flatMap((entity) => Object.entries(features.entities[entity]?.joinKeys ?? {})),
  );
}
