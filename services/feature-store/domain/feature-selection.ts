import { AppError, type Violation } from '#shared/kernel/errors.ts';
import type { FeatureServiceVersion, FeatureViewVersion, PinnedView } from '../contract.ts';

/** What is read together: a version of a service, or features by name. */
export type FeatureSelection = Pick<FeatureServiceVersion, 'views' | 'onDemand' | 'request' | 'outputs'>;

const longName = (view: string, feature: string): string => `${view}__${feature}`;

/** The same with every feature named view__feature. */
export function withFullNames({ views, onDemand, request }: FeatureSelection): FeatureSelection {
  const renamed = {
    views: views.map((view) => ({
      ...view,
      features: view.features.map((feature) =>
        feature.as === undefined ? feature : { ...feature, as: longName(view.view, feature.name) },
      ),
    })),
    onDemand: onDemand.map((one) => ({ ...one, as: longName(one.view, one.name) })),
    request,
  };
  return { ...renamed, outputs: outputsOf(renamed) };
}

const outputsOf = ({ views, onDemand }: Pick<FeatureSelection, 'views' | 'onDemand'>) => [
  ...views.flatMap(({ features }) =>
    features.flatMap(({ as, type }) => (as === undefined ? [] : [{ name: as, type }])),
  ),
  ...onDemand.map(({ as, type }) => ({ name: as, type })),
];

/** The names of views in references such as `trips:rating`, each once. */
export const viewsOfReferences = (references: readonly string[]): string[] => [
  ...new Set(references.map((reference) => reference.split(':')[0]!)),
];

/**
 * Features by name, of the newest versions of their views. Throws InvalidFeatures (invalid_input), naming each reference that means
 * nothing, and two features of one name.
 */
export function selectFeatures(
  references: readonly string[],
  views: ReadonlyMap<string, FeatureViewVersion>,
  fullFeatureNames: boolean,
): FeatureSelection {
  const violations: Violation[] = [];
  const named = new Map<string, Map<string, string>>();
  const taken = new Map<string, string>();
  for (const [index, reference] of references.entries()) {
    const [view = '', feature = ''] = reference.split(':');
    const as = fullFeatureNames ? longName(view, feature) : feature;
    const problem = problemOf(reference, views.get(view), feature) ?? clash(taken.get(as), reference, as);
    if (problem) violations.push({ path: `features/${index}`, message: problem });
    else {
      taken.set(as, reference);
      named.set(view, (named.get(view) ?? new Map<string, string>()).set(feature, as));
    }
  }
  if (violations.length > 0)
    throw new AppError(
      'invalid_input',
      'InvalidFeatures',
      `Some of the features cannot be read: ${violations.map(({ path, message }) => `${path}: ${message}`).join(' ')}`,
      { violations },
    );
  const pinned = [...named].map(([view, features]) => pin(views.get(view)!, features));
  return { views: pinned, onDemand: [], request: [], outputs: outputsOf({ views: pinned, onDemand: [] }) };
}

function problemOf(
  reference: string,
  version: FeatureViewVersion | undefined,
  feature: string,
): string | undefined {
  if (!/^[^:]+:[^:]+$/.test(reference)) return `'${reference}' is no view:feature.`;
  if (!version)
    return `There is no feature view '${reference.split(':')[0]}'. On-demand features are read by a feature service.`;
  const known = [...version.features, ...version.aggregations].map(({ name }) => name);
  return known.includes(feature)
    ? undefined
    : `View '${version.view}' has no feature '${feature}'; it has ${known.join(', ')}.`;
}

const clash = (other: string | undefined, reference: string, as: string): string | undefined =>
  other === undefined
    ? undefined
    : other === reference
      ? `'${reference}' is named twice.`
      : `'${reference}' and '${other}' are both named '${as}'. Send fullFeatureNames: true.`;

function pin(version: FeatureViewVersion, named: ReadonlyMap<string, string>): PinnedView {
  const { view, version: number, joinKeys, ttlSeconds, store, aggregations } = version;
  return {
    view,
    version: number,
    joinKeys,
    ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
    store,
    features: [...version.features, ...aggregations].flatMap(({ name, type, sensitive }) => {
      const as = named.get(name);
      return as === undefined ? [] : [{ name, type, sensitive, as }];
    }),
    aggregations: aggregations.filter(({ name }) => named.has(name)),
  };
}
