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

/**
 * Rewrites every version that holds rows of the keys, each object once, oldest version first, until none came meanwhile. Goes on
 * where it was when it was killed. Answers the newest version, which was swept.
 */
export async function sweepVersions(deps: SweepDeps, sweep: Sweep): Promise<Version | undefined> {
  const { project, erasureId } = sweep;
  const known = await deps.erasures.objects(project, erasureId);
  const outcomes = new Map<string, ErasedObject>(known.map((object) => [object.objectId, object]));
  const swept = new Set<number>();
  const broughtBy = new Map<string, string>();
  for (;;) {
    let isComplete = true;
    let last: Version | undefined;
    for await (const version of deps.store.each(project, 'oldestFirst')) {
      last = version;
      if (swept.has(version.datasetVersion)) continue;
      isComplete = false;
      last = await sweepVersion(deps, sweep, version, { outcomes, broughtBy });
      swept.add(version.datasetVersion);
    }
    if (isComplete) return last;
  }
}

/** What is known of objects, by their ids. */
interface KnownObjects {
  readonly outcomes: Map<string, ErasedObject>;
  /** Upload of the first version that holds it: versions are swept oldest first, expired ones are only looked at. */
  readonly broughtBy: Map<string, string>;
}

async function sweepVersion(
  deps: SweepDeps,
  sweep: Sweep,
  version: Version,
  { outcomes, broughtBy }: KnownObjects,
): Promise<Version> {
  const manifest = await deps.manifests.read(version.manifest);
  for (const object of manifest.objects) {
    const objectId = objectIdOf(object);
    const uploadKey = broughtBy.get(objectId) ?? uploadKeyOf(version.sourceKey, object);
    broughtBy.set(objectId, uploadKey);
    if (outcomes.has(objectId) || version.expiredAt !== undefined) continue;
    outcomes.set(objectId, await eraseObject(deps, sweep, { objectId, object, uploadKey }));
  }
  if (version.expiredAt !== undefined) return version;
  return rewriteVersion(deps, sweep, { version, manifest, outcomes });
}

async function eraseObject(
  { erasures, rewriter }: SweepDeps,
  { project, erasureId, keys }: Sweep,
  { objectId, object, uploadKey }: { objectId: string; object: ManifestObject; uploadKey: string },
): Promise<ErasedObject> {
  const result = await rewriter.withoutRows(project, object, keys);
  const erased: ErasedObject = {
    objectId,
    before: object,
    rowsErased: result.rowsErased,
    ...('after' in result && result.after ? { after: result.after } : {}),
    ...('lacksKey' in result && result.lacksKey ? { lacksKey: true } : {}),
    uploadKey,
  };
  await erasures.recordObject(project, erasureId, erased);
  return erased;
}

async function rewriteVersion(
  { store, erasures, manifests }: SweepDeps,
  { project, erasureId, at }: Sweep,
  of: { version: Version; manifest: DatasetManifest; outcomes: ReadonlyMap<string, ObjectOutcome> },
): Promise<Version> {
  const { version, outcomes } = of;
  const rewritten = rewriteManifest(of.manifest, outcomes);
  if (!rewritten) return version;
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
    },
  });
  return after;
}
