import type * as z from 'zod';
import { type ModelVersionCreated, ModelVersionRegisteredV2, type VersionContent } from '#events/registry.ts';
import { causedBy, type EventMetadata } from '#shared/contracts/event.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { S3Location } from '#shared/kernel/s3-uri.ts';
import { type MlModel, maxMlModelBytes, parseMlModel } from '#shared/mlflow/mlmodel.ts';
import { contentDigest, keyOf, type ManifestObject, manifestOf } from '../domain/content-manifest.ts';
import { importedFromTag } from '../domain/imported.ts';
import type { Consumed, ContentObjects, RecordedContent, RecordedModel } from '../ports/content.ts';
import { type CheckContentDeps, checkVersion } from './check-content.ts';
import { type LocateDeps, locateSource } from './locate-source.ts';

export type RecordContentDeps = LocateDeps & CheckContentDeps;

/** Bounds of a version that is read through: what a function hashes in its 15 minutes with time to spare. */
const maxObjects = 1000;
const maxBytes = 20_000_000_000;
const concurrentReads = 4;
/** Longer signatures are left to the MLmodel file: an item of DynamoDB ends at 400 KB. */
const maxSignatureLength = 100_000;

interface Found {
  readonly content: VersionContent;
  readonly location?: S3Location;
  readonly mlmodel?: RecordedModel;
}

/**
 * Looks at the bytes behind a version that a client created, records their digests and what MLmodel says, and publishes
 * ModelVersionRegistered. Bytes that cannot be read or are too many are recorded as not verifiable.
 */
export async function recordContent(
  deps: RecordContentDeps,
  version: z.output<typeof ModelVersionCreated.data>,
  cause: EventMetadata,
  consumed: Consumed,
): Promise<void> {
  const { tags, description: _description, ...registered } = version;
  const { project, modelVersion } = version;
  const importedFrom = tags[importedFromTag];
  const model = await deps.models.find(version.model);
  const entry = model && (await deps.versions.read(model, modelVersion));
  // Deleted again, before anybody looked at it.
  if (!entry) return;
  const { modelId } = entry;
  const source = entry.storageLocation ?? entry.source;
  const found = await lookAt(deps, project, source);
  const now = deps.clock.now();
  const recorded: RecordedContent = {
    project,
    modelId,
    modelVersion,
    source,
    ...found,
    recordedAt: now.toISOString(),
  };
  const metadata = causedBy(cause, {
    eventId: deps.ids.next(),
    occurredAt: now,
    actor: { type: 'service', id: 'registry' },
  });
  const event = ModelVersionRegisteredV2.create(metadata, {
    ...registered,
    origin: 'client',
    content: found.content,
    flavors: [...(found.mlmodel?.flavors ?? [])],
    ...(importedFrom ? { importedFrom } : {}),
  });
  await deps.contents.saveContent(recorded, [event], consumed);
  // Whatever changed while the bytes were read was told of before anybody could know which version it belongs to.
  await checkVersion(deps, modelId, modelVersion);
}

/** Follows a source to its objects and reads them through. */
export async function lookAt(deps: RecordContentDeps, project: string, source: string): Promise<Found> {
  const located = await locateSource(deps, project, source);
  return 'reason' in located ? notVerifiable(located.reason) : readThrough(deps.objects, located.location);
}

const notVerifiable = (reason: string, location?: S3Location): Found => ({
  content: { verdict: 'NotVerifiable', reason },
  ...(location ? { location } : {}),
});

/** Hashes all objects of a location and reads its MLmodel. */
async function readThrough(objects: ContentObjects, location: S3Location): Promise<Found> {
  const listed = await objects.list(location, maxObjects + 1);
  const bytes = listed.reduce((sum, object) => sum + object.bytes, 0);
  const place = `s3://${location.bucket}/${location.key}`;
  if (listed.length === 0)
    return notVerifiable(`There is no object at ${place}. Log the model first, then register it.`, location);
  if (listed.length > maxObjects || bytes > maxBytes)
    return notVerifiable(
      `${place} has ${listed.length > maxObjects ? `more than ${maxObjects} objects` : `${bytes} bytes`}; a version may have ${maxObjects} objects and ${maxBytes} bytes in all. Register the model's own folder, without what it does not need.`,
      location,
    );
  const hashed = await hashAll(objects, location, listed);
  if (!hashed) return notVerifiable(`Objects at ${place} went away while they were read.`, location);
  const manifest = await objects.writeManifest(manifestOf(location, hashed));
  const content: VersionContent = {
    verdict: 'Verified',
    digest: contentDigest(hashed),
    manifest,
    objects: hashed.length,
    bytes: hashed.reduce((sum, object) => sum + object.bytes, 0),
  };
  const mlmodel = await readMlModel(objects, location, hashed);
  return { content, location, ...(mlmodel ? { mlmodel } : {}) };
}

/** Undefined where an object went away meanwhile. */
async function hashAll(
  objects: ContentObjects,
  location: S3Location,
  listed: readonly { readonly key: string }[],
): Promise<readonly ManifestObject[] | undefined> {
  const hashed: ManifestObject[] = [];
  for (let from = 0; from < listed.length; from += concurrentReads) {
    const some = listed.slice(from, from + concurrentReads).map(async ({ key }) => {
      const read = await objects.hash({ bucket: location.bucket, key });
      return read && { path: key.slice(location.key.length + 1), ...read };
    });
    for (const object of await Promise.all(some)) {
      if (!object) return undefined;
      hashed.push(object);
    }
  }
  return hashed;
}

/** Undefined where there is none, or none that can be read: such a version is registered, and served by nothing of ours. */
async function readMlModel(
  objects: ContentObjects,
  location: S3Location,
  hashed: readonly ManifestObject[],
): Promise<RecordedModel | undefined> {
  const file = hashed.find(({ path }) => path === 'MLmodel');
  if (!file || file.bytes > maxMlModelBytes) return undefined;
  const text = await objects.text({ bucket: location.bucket, key: keyOf(location, file.path) });
  try {
    return recordedModel(parseMlModel(text));
  } catch (error) {
    if (error instanceof AppError && error.code === 'InvalidMlModel') return undefined;
    throw error;
  }
}

function recordedModel({ flavors, signature, modelUuid, pythonVersion }: MlModel): RecordedModel {
  const isShort = JSON.stringify(signature ?? {}).length <= maxSignatureLength;
  return {
    flavors: Object.keys(flavors),
    ...(signature && isShort ? { signature } : {}),
    ...(modelUuid ? { modelUuid } : {}),
    ...(pythonVersion ? { pythonVersion } : {}),
  };
}
