import type { FeatureViewVersion, JoinKey } from '../contract.ts';

/** How the rows of a view are about an entity. */
export type Relation = 'alone' | 'among-others';

/** Undefined where the view is not about the entity: it does not have all of its join keys. */
export function relationOf(
  view: Pick<FeatureViewVersion, 'joinKeys'>,
  joinKeys: readonly JoinKey[],
): Relation | undefined {
  const names = new Set(view.joinKeys.map(({ name }) => name));
  if (!joinKeys.every(({ name }) => names.has(name))) return undefined;
  return names.size === joinKeys.length ? 'alone' : 'among-others';
}
