import { AppError } from '#shared/kernel/errors.ts';
import { decodePageToken, encodePageToken, invalidPageToken, type Page } from '#shared/kernel/paging.ts';
import type { ManifestObject } from '../contract.ts';
import type { Version, VersionStore } from '../ports/versions.ts';
import type { Manifests, Projects } from '../ports.ts';
import { findVersion, presentVersion } from './present-version.ts';

/** The version that was current at an instant: the highest one that had come by then. None where nothing had. */
export async function versionAt(
  store: VersionStore,
  { project, at }: { project: string; at: string },
): Promise<Version | undefined> {
  const instant = Date.parse(at);
  for await (const version of store.each(project, 'newestFirst'))
    if (Date.parse(version.createdAt) <= instant) return version;
  return undefined;
}

/** A version with what people must know of it. Throws DatasetVersionNotFound. */
export async function describeVersion(
  { store, projects }: { readonly store: VersionStore; readonly projects: Projects },
  input: { project: string; datasetVersion: number },
) {
  const [version, marks, revision] = await Promise.all([
    findVersion(store, input),
    store.marks(input.project, input.datasetVersion),
    projects.find(input.project),
  ]);
  const datasheet = revision?.definition.data.datasheet;
  return {
    ...version,
    tags: [...marks.tags],
    trainedOn: marks.isTrainedOn,
    ...(datasheet ? { datasheet } : {}),
  };
}

const filesPerPage = 200;

export interface ListFilesDeps {
  readonly store: VersionStore;
  readonly manifests: Manifests;
  /** An address of an object for HTTP GET, valid for 15 minutes. */
  readonly address: (object: ManifestObject) => Promise<string>;
}

/** The files of a version with addresses. A token of a version that was rewritten meanwhile is refused: InvalidPageToken. */
export async function listFiles(
  { store, manifests, address }: ListFilesDeps,
  input: { project: string; datasetVersion: number; pageToken?: string | undefined },
): Promise<Page<ManifestObject & { url: string }>> {
  const cursor = input.pageToken === undefined ? undefined : cursorOf(input.pageToken);
  const version = await presentVersion(store, input);
  const offset = cursor === undefined ? 0 : offsetOf(cursor, version);
  const { objects } = await manifests.read(version.manifest);
  const page = objects.slice(offset, offset + filesPerPage);
  const next = offset + page.length;
  return {
    items: await Promise.all(page.map(async (object) => ({ ...object, url: await address(object) }))),
    ...(next < objects.length ? { nextPageToken: encodePageToken([version.contentSha256, next]) } : {}),
  };
}

interface Cursor {
  readonly content: unknown;
  readonly offset: number;
}

function cursorOf(pageToken: string): Cursor {
  const cursor = decodePageToken(pageToken);
  const [content, offset] = Array.isArray(cursor) ? (cursor as unknown[]) : [];
  if (typeof offset !== 'number' || !Number.isInteger(offset) || offset < 0)
    throw invalidPageToken(pageToken);
  return { content, offset };
}

function offsetOf({ content, offset }: Cursor, { contentSha256 }: Version): number {
  if (content !== contentSha256)
    throw new AppError(
      'invalid_input',
      'InvalidPageToken',
      'The page token is of the content before an erasure rewrote this version. Begin with the first page again.',
    );
  return offset;
}
