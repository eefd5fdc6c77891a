import type { ManifestObject } from '../contract.ts';

/** What the retention policy of a project says (`data.retention`). */
export interface RetentionPolicy {
  readonly keepVersions?: number | undefined;
  readonly keepDays?: number | undefined;
}

export interface VersionAge {
  readonly datasetVersion: number;
  readonly createdAt: string;
}

const dayMs = 86_400_000;

/**
 * The versions that the policy lets go, oldest first: neither among the newest `keepVersions` nor younger than `keepDays`. The newest
 * is never among them, and without a policy none is. Marks (tags, training sets) are looked at afterwards.
 */
export function versionsBeyond<Age extends VersionAge>(
  policy: RetentionPolicy,
  versions: readonly Age[],
  now: Date,
): Age[] {
  const { keepVersions, keepDays } = policy;
  if (keepVersions === undefined && keepDays === undefined) return [];
  const newestFirst = [...versions].sort((a, b) => b.datasetVersion - a.datasetVersion);
  return newestFirst
    .filter(({ createdAt }, position) => {
      const isKeptByCount = position < Math.max(1, keepVersions ?? 1);
      const isKeptByAge = keepDays !== undefined && Date.parse(createdAt) > now.getTime() - keepDays * dayMs;
      return !isKeptByCount && !isKeptByAge;
    })
    .reverse();
}

/** How many versions hold each object, by its address. */
export class ObjectHolders {
  readonly #holders = new Map<string, number>();

  add(objects: readonly ManifestObject[]): void {
    for (const uri of new Set(objects.map(({ uri }) => uri)))
      this.#holders.set(uri, (this.#holders.get(uri) ?? 0) + 1);
  }

  /** Takes a version's objects away and gives those that no other version holds. */
  release(objects: readonly ManifestObject[]): ManifestObject[] {
    const byUri = new Map(objects.map((object) => [object.uri, object]));
    return [...byUri.values()].filter(({ uri }) => {
      const left = (this.#holders.get(uri) ?? 0) - 1;
      if (left > 0) this.#holders.set(uri, left);
      else this.#holders.delete(uri);
      return left <= 0;
    });
  }
}
