import { type FeatureSurroundings, serviceMembers } from '#services/projects/contract.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import type { FeatureServiceVersion, FeatureViewVersion, PinnedView } from '../contract.ts';

/** A version of a feature service before it has a number. */
export type UnnumberedService = Omit<FeatureServiceVersion, 'version' | 'createdAt' | 'projectRevision'>;

/**
 * A service of checked definitions, with the versions of its views pinned; undefined where a view that it needs is not defined yet.
 */
export function resolveService(
  surroundings: FeatureSurroundings,
  service: string,
  views: ReadonlyMap<string, FeatureViewVersion>,
): UnnumberedService | undefined {
  const members = serviceMembers(surroundings, service);
  if (!members) return undefined;
  const pinned = members.views.flatMap(({ view, features }) => {
    const version = views.get(view);
    return version ? [pinnedView(version, features)] : [];
  });
  if (pinned.length < members.views.length) return undefined;
  const { onDemand, request, outputs } = members;
  const content = {
    project: surroundings.project,
    service,
    views: pinned,
    onDemand: [...onDemand],
    request: [...request],
    outputs: [...outputs],
  } as Omit<UnnumberedService, 'definitionSha256'>;
  return { ...content, definitionSha256: digestOf(content) };
}

function pinnedView(
  version: FeatureViewVersion,
  features: readonly { readonly name: string; readonly as?: string }[],
): PinnedView {
  const known = new Map(
    [...version.features, ...version.aggregations].map((feature) => [feature.name, feature]),
  );
  const named = new Set(features.map(({ name }) => name));
  return {
    view: version.view,
    version: version.version,
    joinKeys: version.joinKeys,
    ...(version.ttlSeconds === undefined ? {} : { ttlSeconds: version.ttlSeconds }),
    store: version.store,
    features: features.map(({ name, as }) => {
      const { type, sensitive } = known.get(name)!;
      return { name, type, sensitive, ...(as === undefined ? {} : { as }) };
    }),
    aggregations: version.aggregations.filter(({ name }) => named.has(name)),
  };
}
