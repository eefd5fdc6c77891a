import { ModelVersionQuarantined } from '#events/registry.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { S3Location } from '#shared/kernel/s3-uri.ts';
import {
  type ContentChange,
  type ContentManifest,
  changesOf,
  keyOf,
  locationsAbove,
} from '../domain/content-manifest.ts';
import type { ContentObjects, ContentStore, QuarantineMeter, RecordedContent } from '../ports/content.ts';

export interface CheckContentDeps {
  readonly contents: ContentStore;
  readonly objects: ContentObjects;
  readonly meter: QuarantineMeter;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

/** A version has at most 1,000; some more say that objects were added. */
const listedObjects = 1200;
const toldChanges = 20;

/** Looks at every version that an object belongs to, after the object was written or deleted. */
export async function checkObject(deps: CheckContentDeps, { bucket, key }: S3Location): Promise<void> {
  for (const location of locationsAbove(key)) {
    const versions = await deps.contents.versionsAt({ bucket, key: location });
    for (const { model, modelVersion } of versions) await checkVersion(deps, model, modelVersion);
  }
}

/**
 * Compares what lies behind a version with what was registered. Where bytes changed, went or came, the version is quarantined:
 * ModelVersionQuarantined is published once. Objects whose S3 version is the recorded one are not read again.
 */
export async function checkVersion(
  deps: CheckContentDeps,
  model: string,
  modelVersion: number,
): Promise<void> {
  const recorded = await deps.contents.readContent(model, modelVersion);
  const { manifest } = recorded?.content ?? {};
  if (!recorded?.location || !manifest || recorded.quarantine) return;
  const registered = await deps.objects.readManifest(manifest);
  const present = await presentObjects(deps.objects, recorded.location, registered);
  const changes = changesOf(registered.objects, present);
  if (changes.length > 0) await quarantine(deps, recorded, changes);
}

async function presentObjects(
  objects: ContentObjects,
  location: S3Location,
  registered: ContentManifest,
): Promise<ReadonlyMap<string, { sha256: string }>> {
  const known = new Map(registered.objects.map((object) => [object.path, object]));
  const present = new Map<string, { sha256: string }>();
  for (const { key } of await objects.list(location, listedObjects)) {
    const path = key.slice(location.key.length + 1);
    const before = known.get(path);
    const place = { bucket: location.bucket, key: keyOf(location, path) };
    const isSame =
      before?.versionId !== undefined && (await objects.currentVersion(place)) === before.versionId;
    const now = before && !isSame ? await objects.hash(place) : before;
    // An object that was added need not be read to be one too many.
    if (now ?? !before) present.set(path, { sha256: now?.sha256 ?? '' });
  }
  return present;
}

async function quarantine(
  { contents, meter, clock, ids }: CheckContentDeps,
  recorded: RecordedContent,
  changes: readonly ContentChange[],
): Promise<void> {
  const { project, model, modelVersion } = recorded;
  const now = clock.now();
  const reason = reasonOf(changes);
  const metadata = startingJourney({
    eventId: ids.next(),
    occurredAt: now,
    project,
    actor: { type: 'service', id: 'registry' },
  });
  const changed = changes.slice(0, toldChanges);
  try {
    await contents.saveQuarantine({ ...recorded, quarantine: { at: now.toISOString(), reason } }, [
      ModelVersionQuarantined.create(metadata, { project, model, modelVersion, reason, changed }),
    ]);
  } catch (error) {
    if (error instanceof AppError && error.code === 'AlreadyQuarantined') return;
    throw error;
  }
  meter.record({ project, model, modelVersion });
}

const words = { Changed: 'changed', Removed: 'removed', Added: 'added' } as const;
const shownChanges = 5;

function reasonOf(changes: readonly ContentChange[]): string {
  const shown = changes
    .slice(0, shownChanges)
    .map(({ path, finding }) => `${path === '' ? 'the artifact' : path} (${words[finding]})`);
  const rest = changes.length - shown.length;
  return `The artifacts are not what was registered: ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}. Register the present bytes as a new version.`;
}
