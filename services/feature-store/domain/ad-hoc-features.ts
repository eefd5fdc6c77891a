import { AppError } from '#shared/kernel/errors.ts';
import type { FeatureServiceVersion, FeatureViewVersion, PinnedView } from '../contract.ts';

/** A choice of features, `view` or `view:feature`, split. Throws InvalidFeatures (invalid_input). */
export function chosenFeatures(
  features: readonly string[],
): ReadonlyMap<string, readonly (string | undefined)[]> {
  const chosen = new Map<string, (string | undefined)[]>();
  for (const text of features) {
    const [, view, feature] = /^([a-z][a-z0-9_]*)(?::([a-z][a-z0-9_]*))?$/.exec(text) ?? [];
    if (view === undefined)
      throw new AppError(
        'invalid_input',
        'InvalidFeatures',
        `'${text}' names no feature. Write the name of a view, or view:feature.`,
      );
    chosen.set(view, [...(chosen.get(view) ?? []), feature]);
  }
  return chosen;
}

/**
 * The views as a service with these features would pin them, and what it would answer. Throws FeatureNotFound (not_found) for a
 * feature that its view has not, InvalidFeatures (invalid_input) for two of one name.
 */
export function pinFeatures(
  views: readonly FeatureViewVersion[],
  chosen: ReturnType<typeof chosenFeatures>,
  fullFeatureNames: boolean,
): Pick<FeatureServiceVersion, 'views' | 'outputs'> {
  const pinned = views.map((view) => pinView(view, chosen.get(view.view) ?? [], fullFeatureNames));
  const outputs = pinned.flatMap(({ features }) => features.map(({ as, type }) => ({ name: as!, type })));
  const twice = outputs.find(({ name }, index) => outputs.findIndex((one) => one.name === name) !== index);
  if (twice)
    throw new AppError(
      'invalid_input',
      'InvalidFeatures',
      `Two of the features are named '${twice.name}'. Ask for fullFeatureNames, which puts the view's name before.`,
    );
  return { views: pinned, outputs };
}

function pinView(
  version: FeatureViewVersion,
  names: readonly (string | undefined)[],
  fullFeatureNames: boolean,
): PinnedView {
  const all = [...version.features, ...version.aggregations];
  const wanted = names.includes(undefined) ? all.map(({ name }) => name) : [...new Set(names)];
  const features = wanted.map((name) => {
    const found = all.find((feature) => feature.name === name);
    if (!found)
      throw new AppError(
        'not_found',
        'FeatureNotFound',
        `The view '${version.view}' (version ${version.version}) has no feature '${name}'. It has: ${all.map((feature) => feature.name).join(', ')}.`,
      );
    const as = fullFeatureNames ? `${version.view}__${found.name}` : found.name;
    return { name: found.name, type: found.type, sensitive: found.sensitive, as };
  });
  const { view, version: number, joinKeys, ttlSeconds, store } = version;
  return {
    view,
    version: number,
    joinKeys,
    ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
    store,
    features,
    aggregations: version.aggregations.filter(({ name }) => wanted.includes(name)),
  };
}
