import { digestOf } from '#shared/kernel/hash.ts';
import { completionMarkers, type DatasetManifest, type ManifestObject } from '../contract.ts';

/** What an object is rewritten by: the same content, read alike, is rewritten once, in however many versions it is. */
export const objectIdOf = ({ sha256, reading, partition }: ManifestObject): string =>
  digestOf({ sha256, reading, partition: partition ?? {} });

/** What became of an object; `after` is absent where no row is left. */
export interface ObjectOutcome {
  readonly rowsErased: number;
  readonly after?: ManifestObject | undefined;
}

/**
 * The manifest with the rewritten objects in the places of theirs, and how many rows it lost; undefined where it holds none. Path,
 * partition and time of an object stay the version's own.
 */
export function rewriteManifest(
  manifest: DatasetManifest,
  outcomes: ReadonlyMap<string, ObjectOutcome>,
): { readonly manifest: DatasetManifest; readonly rowsErased: number } | undefined {
  let rowsErased = 0;
  const objects = manifest.objects.flatMap((object) => {
    const outcome = outcomes.get(objectIdOf(object));
    if (!outcome || outcome.rowsErased === 0) return [object];
    rowsErased += outcome.rowsErased;
    if (!outcome.after) return [];
    const { uri, sha256, bytes, rows, reading } = outcome.after;
    return [{ ...object, uri, sha256, bytes, rows, reading }];
  });
  if (rowsErased === 0) return undefined;
  return { manifest: { ...manifest, objects }, rowsErased };
}

/** The key of the uploads bucket that brought an object to the version which was made of `sourceKey`. */
export function uploadKeyOf(sourceKey: string, { path }: ManifestObject): string {
  const folder = sourceKey.slice(0, sourceKey.lastIndexOf('/') + 1);
  const isMarker = completionMarkers.some((marker) => sourceKey === `${folder}${marker}`);
  return isMarker ? `${folder}${path}` : sourceKey;
}
