import type { StoredObject } from '#shared/contracts/parts.ts';
import type { CheckPlan } from './check-plan.ts';

/** Every object that a check reads, once: those of the version, and validated rows of other versions. */
export function objectsOf({ check: { objects, lookups, comparisons } }: CheckPlan): StoredObject[] {
  const others = [...Object.values(lookups), ...Object.values(comparisons)].map(({ validated }) => validated);
  const all = [...objects, ...others].map(({ uri, sha256, bytes }) => ({ uri, sha256, bytes }));
  return [...new Map(all.map((object) => [object.uri, object])).values()];
}
