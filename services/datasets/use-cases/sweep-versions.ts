import type { DatasetManifest, ManifestObject } from '../contract.ts';
import { type ObjectOutcome, objectIdOf, rewriteManifest, uploadKeyOf } from '../domain/erasure-plan.ts';
import type {
  ErasedKeys,
  ErasedObject,
  ErasureStore,
  ObjectRewriter,
  Version,
  VersionStore,
} from '../ports/versions.ts';
import type { Manifests } from '../ports.ts';

export interface SweepDeps {
  readonly store: VersionStore;
  readonly erasures: ErasureStore;
  readonly manifests: Manifests;
  readonly rewriter: ObjectRewriter;
}

export interface Sweep {
  readonly project: string;
  readonly erasureId: string;
  readonly keys: ErasedKeys;
  /** When the rewriting of a version says it happened. */
  readonly at: string;
}

export interface Swept {
  /** The newest version, which was swept. */
  readonly newest: Version | undefined;
  /**
   * What expired versions say of their objects. Those that no version holds any more are unreadable: nobody can tell whether they held the rows,
   * and their uploads may.
   */
  readonly expired: readonly {
    readonly objectId: string;
    readonly sha256: string;
    readonly uploadKey: string;
  }[];
  /** Addresses of expired versions' manifests, which stay: a restored version may have had the same one. */
  readonly expiredManifests: ReadonlySet<string>;
  /** Objects that were looked into. */
  readonly outcomes: ReadonlyMap<string, ErasedObject>;
}

/**
 * Rewrites every version that holds rows of the keys, each object once, oldest version first, until none came meanwhile. Goes on
 * where it was when it was killed.
 */
export async function sweepVersions(deps: SweepDeps, sweep: Sweep): Promise<Swept> {
  const { project, erasureId } = sweep;
  const known = await deps.erasures.objects(project, erasureId);
  const outcomes = new Map<string, ErasedObject>(known.map((object) => [object.objectId, object]));
  const swept = new Set<number>();
  const expired: Swept['expired'][number][] = [];
  const expiredManifests = new Set<string>();
  for (;;) {
    let isComplete = true;
    let newest: Version | undefined;
    for await (const version of deps.store.each(project, 'oldestFirst')) {
      newest = version;
      if (swept.has(version.datasetVersion)) continue;
      isComplete = false;
      const manifest = await deps.manifests.read(version.manifest);
      if (version.expiredAt === undefined) await sweepVersion(deps, sweep, { version, manifest, outcomes });
      else {
        expired.push(...broughtBy(version, manifest));
        expiredManifests.add(version.manifest.uri);
      }
      swept.add(version.datasetVersion);
    }
    if (isComplete) return { newest, expired, expiredManifests, outcomes };
  }
}

/** The objects that a version's own upload brought: they became available when it was made. */
function broughtBy({ createdAt, sourceKey }: Version, { objects }: DatasetManifest) {
  return objects
    .filter(({ availableAt }) => availableAt === createdAt)
    .map((object) => ({
      objectId: objectIdOf(object),
      sha256: object.sha256,
      uploadKey: uploadKeyOf(sourceKey, object),
    }));
}

async function sweepVersion(
  deps: SweepDeps,
  sweep: Sweep,
  of: { version: Version; manifest: DatasetManifest; outcomes: Map<string, ErasedObject> },
): Promise<void> {
  const { manifest, outcomes } = of;
  for (const object of manifest.objects) {
    const objectId = objectIdOf(object);
    if (!outcomes.has(objectId)) outcomes.set(objectId, await eraseObject(deps, sweep, { objectId, object }));
  }
  await rewriteVersion(deps, sweep, of);
}

async function eraseObject(
  { erasures, rewriter }: SweepDeps,
  { project, erasureId, keys }: Sweep,
  { objectId, object }: { objectId: string; object: ManifestObject },
): Promise<ErasedObject> {
  const result = await rewriter.withoutRows(project, object, keys);
  const erased: ErasedObject = {
    objectId,
    before: object,
    rowsErased: result.rowsErased,
    ...('after' in result && result.after ? { after: result.after } : {}),
    ...('lacksKey' in result && result.lacksKey ? { lacksKey: true } : {}),
  };
  await erasures.recordObject(project, erasureId, erased);
  return erased;
}

async function rewriteVersion(
  { store, erasures, manifests }: SweepDeps,
  { project, erasureId, at }: Sweep,
  of: { version: Version; manifest: DatasetManifest; outcomes: ReadonlyMap<string, ObjectOutcome> },
): Promise<void> {
  const { version, outcomes } = of;
  const rewritten = rewriteManifest(of.manifest, outcomes);
  if (!rewritten) return;
  const manifest = await manifests.write(rewritten.manifest);
  const { objects } = rewritten.manifest;
  const after: Version = {
    ...version,
    contentSha256: manifest.sha256,
    manifest,
    rows: objects.reduce((sum, { rows }) => sum + rows, 0),
    bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
    erasures: [...(version.erasures ?? []), { erasureId, at, contentSha256Before: version.contentSha256 }],
  };
  const newest = await store.newest(project);
  await erasures.rewriteVersion(project, erasureId, {
    before: version,
    after,
    isNewest: newest?.datasetVersion === version.datasetVersion,
    record: {
      datasetVersion: version.datasetVersion,
      rowsErased: rewritten.rowsErased,
      contentSha256Before: version.contentSha256,
      manifestBefore: version.manifest,
      contentSha256: after.contentSha256,
      manifest,
      uploadKeys: broughtBy(version, of.manifest).flatMap(({ objectId, uploadKey }) =>
        (outcomes.get(objectId)?.rowsErased ?? 0) > 0 ? [uploadKey] : [],
      ),
    },
  });
}
