import type * as z from 'zod';
import { completionMarkers, type uploadManifest } from '../contract.ts';

/** The newest write of a key below a folder. */
export interface FolderObject {
  readonly key: string;
  /** In the folder. */
  readonly path: string;
  readonly versionId?: string;
  readonly etag: string;
  readonly bytes: number;
  readonly writtenAt: Date;
}

/** A file of a complete folder; the digest where its manifest names one. */
export interface FolderFile extends FolderObject {
  readonly sha256?: string;
}

export type FolderPlan =
  | { readonly status: 'complete'; readonly files: readonly FolderFile[] }
  /** More is to come: `lacking` says what. */
  | { readonly status: 'waiting'; readonly lacking: string }
  | { readonly status: 'changed'; readonly differences: readonly string[] };

type UploadManifest = z.infer<typeof uploadManifest>;

/** The marker that completes a folder: of both the manifest, which says more. */
export function markerOf(objects: readonly FolderObject[]): FolderObject | undefined {
  return completionMarkers
    .map((name) => objects.find(({ path }) => path === name))
    .find((object) => object !== undefined);
}

/** Files as such: names that begin with `_` or `.` are notes of the program that wrote the folder (Hadoop's rule). */
export const isDataFile = ({ path }: FolderObject): boolean =>
  !path.endsWith('/') &&
  !path.split('/').some((name) => (name.startsWith('_') && !name.includes('=')) || name.startsWith('.'));

/** A folder with `_SUCCESS`: what was there when it was written. */
export function planBySuccess(objects: readonly FolderObject[], marker: FolderObject): FolderPlan {
  const files = objects.filter(isDataFile).filter(({ writtenAt }) => writtenAt <= marker.writtenAt);
  return files.length === 0
    ? { status: 'waiting', lacking: 'it has no files beside _SUCCESS' }
    : { status: 'complete', files };
}

/**
 * A folder with `_manifest.json`: all files that it names, and no others. What is written after the manifest and does not agree with
 * it waits for the next manifest; what was there before it and does not agree is a difference.
 */
export function planByManifest(
  objects: readonly FolderObject[],
  marker: FolderObject,
  manifest: UploadManifest,
): FolderPlan {
  const byPath = new Map(objects.map((object) => [object.path, object]));
  const named = new Set(manifest.files.map(({ path }) => path));
  const missing = manifest.files.filter(({ path }) => !byPath.has(path)).map(({ path }) => path);
  const later: string[] = [];
  const differences: string[] = [];
  const differs = (object: FolderObject, what: string) =>
    (object.writtenAt > marker.writtenAt ? later : differences).push(what);
  for (const { path, bytes } of manifest.files) {
    const object = byPath.get(path);
    if (object && object.bytes !== bytes)
      differs(object, `${path} has ${object.bytes} bytes, the manifest says ${bytes}`);
  }
  for (const object of objects)
    if (isDataFile(object) && !named.has(object.path))
      differs(object, `${object.path} is there, the manifest does not name it`);
  if (differences.length > 0) return { status: 'changed', differences };
  if (missing.length > 0) return { status: 'waiting', lacking: `the manifest names ${listed(missing)}` };
  if (later.length > 0) return { status: 'waiting', lacking: `${later[0]}, and no newer manifest came` };
  return {
    status: 'complete',
    files: manifest.files.map(({ path, sha256 }) => ({ ...byPath.get(path)!, sha256 })),
  };
}

export const listed = (names: readonly string[], most = 20): string =>
  names.length > most
    ? `${names.slice(0, most).join(', ')} and ${names.length - most} more`
    : names.join(', ');
