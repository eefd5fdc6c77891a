import type * as z from 'zod';
import type { contentManifest } from '#services/registry/contract.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import { formatS3Uri, type S3Location } from '#shared/kernel/s3-uri.ts';

export type ContentManifest = z.output<typeof contentManifest>;
export type ManifestObject = ContentManifest['objects'][number];

/** Objects in the order of their paths, by code units as S3 lists them. */
export const sorted = (objects: readonly ManifestObject[]): ManifestObject[] =>
  [...objects].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));

/** SHA-256 over paths, sizes and hashes: the same bytes have the same digest wherever and however often they were stored. */
export const contentDigest = (objects: readonly ManifestObject[]): string =>
  digestOf(sorted(objects).map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 })));

export function manifestOf(location: S3Location, objects: readonly ManifestObject[]): ContentManifest {
  return { schemaVersion: 1, location: formatS3Uri(location), objects: sorted(objects) };
}

/** Where an object of a manifest lies. */
export const keyOf = ({ key }: S3Location, path: string): string => (path === '' ? key : `${key}/${path}`);

/** All prefixes that a key lies below, and the key itself: a version's location is one of them where the object belongs to it. */
export function locationsAbove(key: string): readonly string[] {
  const segments = key.split('/');
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}

export interface ContentChange {
  readonly path: string;
  readonly finding: 'Changed' | 'Removed' | 'Added';
}

/** What differs between the objects that were registered and those that are there now. */
export function changesOf(
  registered: readonly ManifestObject[],
  present: ReadonlyMap<string, { readonly sha256: string }>,
): readonly ContentChange[] {
  const known = new Set(registered.map(({ path }) => path));
  const lost = registered.flatMap(({ path, sha256 }): ContentChange[] => {
    const now = present.get(path);
    if (!now) return [{ path, finding: 'Removed' }];
    return now.sha256 === sha256 ? [] : [{ path, finding: 'Changed' }];
  });
  const added = [...present.keys()]
    .filter((path) => !known.has(path))
    .map((path): ContentChange => ({ path, finding: 'Added' }));
  return [...lost, ...added];
}
