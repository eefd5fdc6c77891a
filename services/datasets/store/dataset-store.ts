import { versionedTable } from '#shared/aws/item-versions.ts';
import { inboxKey } from '#shared/aws/outbox.ts';
import type { Item, Table, Write } from '#shared/aws/table.ts';
import { type Clock, epochSeconds } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { datasetVersion } from '../contract.ts';
import type {
  DatasetStore,
  DatasetVersion,
  HandledUpload,
  KeyRecord,
  Upload,
  VersionBasis,
} from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';
import { newestKey, objectsKey, partition, versionKey, versionPrefix } from './keys.ts';

const pageSize = 50;
/** Long after the last event of a write can be delivered (24 hours) or a presigned address be used. */
const keySeconds = 30 * 86_400;
/** A function's time: whoever claimed an upload longer ago does not read it any more. */
const claimSeconds = 900;
const consumer = 'datasets/on-object-created';

const uploadPrefix = 'UPLOAD#';
const keyKey = (key: string) => ({ pk: `KEY#${key}`, sk: 'KEY' });

export function createDatasetStore(stored: Table, clock: Clock): DatasetStore {
  const table = versionedTable(stored, itemKinds);
  return {
    newest: async (project) => toVersion(await table.get<StoredItems['newest']>(newestKey(project))),
    version: async (project, version) =>
      toVersion(await table.get<StoredItems['version']>(versionKey(project, version))),
    async versions(project, pageToken) {
      const page = await table.query<StoredItems['version']>({
        ...listing(project, versionPrefix),
        ...tokenOf(pageToken),
      });
      return { ...page, items: page.items.map((item) => datasetVersion.parse(item)) };
    },
    async uploads(project, pageToken) {
      const page = await table.query<StoredItems['upload']>({
        ...listing(project, uploadPrefix),
        ...tokenOf(pageToken),
      });
      return { ...page, items: page.items.map(toUpload) };
    },
    async key(key) {
      const item = await table.get<StoredItems['key']>(keyKey(key));
      const { sequencer, versionId, writtenAt, requestedBy, multipart } = item ?? {};
      return {
        key,
        ...(sequencer === undefined ? {} : { sequencer }),
        ...(versionId === undefined ? {} : { versionId }),
        ...(writtenAt === undefined ? {} : { writtenAt }),
        ...(requestedBy === undefined ? {} : { requestedBy }),
        ...(multipart === undefined ? {} : { multipart }),
      };
    },
    isHandled: async (uploadId) =>
      (await stored.get(inboxKey({ consumer, eventId: uploadId }))) !== undefined,
    async claim(uploadId, claimant) {
      const key = { pk: `CLAIM#${uploadId}`, sk: 'CLAIM' };
      const now = epochSeconds(clock.now());
      const held = await table.get<StoredItems['claim']>(key);
      if (held && held.claimant !== claimant && held.expiresAt > now) return false;
      const item = { ...key, schemaVersion: 1, claimant, expiresAt: now + claimSeconds };
      const when = { equals: { claimant: held?.claimant, expiresAt: held?.expiresAt } };
      try {
        await table.put(item, { when });
        return true;
      } catch (error) {
        if (error instanceof AppError && error.code === 'ConditionFailed') return false;
        throw error;
      }
    },
    rememberRequester: (record) => table.put(keyItem(record, clock)),
    commitVersion: (version, handled, event, basis) =>
      table.commit({
        writes: [...versionWrites(version, basis), ...handledWrites(handled, clock)],
        events: [event],
        consumed: { consumer, eventId: handled.uploadId },
      }),
    commitUpload: (handled, event) =>
      table.commit({
        writes: handledWrites(handled, clock),
        events: event ? [event] : [],
        consumed: { consumer, eventId: handled.uploadId },
      }),
  };
}

const listing = (project: string, skPrefix: string) => ({
  pk: partition(project),
  skPrefix,
  newestFirst: true,
  limit: pageSize,
});
const tokenOf = (pageToken: string | undefined) => (pageToken === undefined ? {} : { pageToken });
const toVersion = (item: StoredItems['version'] | undefined): DatasetVersion | undefined =>
  item && datasetVersion.parse(item);

function toUpload(stored: StoredItems['upload']): Upload {
  const { key, receivedAt, status, datasetVersion, files, reasons } = stored;
  return {
    key,
    receivedAt,
    status,
    ...(datasetVersion === undefined ? {} : { datasetVersion }),
    ...(files === undefined ? {} : { files }),
    ...(reasons === undefined ? {} : { reasons }),
  };
}

function keyItem({ key, ...known }: KeyRecord, clock: Clock): Item {
  return {
    ...keyKey(key),
    schemaVersion: 1,
    ...known,
    expiresAt: epochSeconds(clock.now()) + keySeconds,
  };
}

/** Versions are counted by the newest one: whoever comes second finds the number taken. */
export function versionWrites(version: DatasetVersion, { newest, removals }: VersionBasis): Write[] {
  const { project } = version;
  const otherwise = versionTaken(version);
  return [
    {
      put: { ...versionKey(project, version.datasetVersion), schemaVersion: 1, ...version },
      when: { absent: true },
      otherwise,
    },
    {
      put: { ...newestKey(project), schemaVersion: 1, ...version },
      // An erasure may have given the newest version other objects.
      when:
        newest === undefined
          ? { absent: true }
          : { equals: { datasetVersion: newest.datasetVersion, contentSha256: newest.contentSha256 } },
      otherwise,
    },
    {
      check: objectsKey(project),
      when: removals === 0 ? { absent: true } : { equals: { removals } },
      otherwise: new AppError(
        'unavailable',
        'ObjectsRemoved',
        `Objects of '${project}' were removed while version ${version.datasetVersion} was made of what was there. Try again.`,
      ),
    },
  ];
}

export const versionTaken = ({ project, datasetVersion: number }: DatasetVersion): AppError =>
  new AppError(
    'conflict',
    'VersionTaken',
    `Version ${number} of the dataset of '${project}' was made by somebody else, or the versions changed meanwhile. Plan the next one.`,
  );

function handledWrites(
  { uploadId, project, upload, keyBefore, keyAfter }: HandledUpload,
  clock: Clock,
): Write[] {
  return [
    {
      put: {
        pk: partition(project),
        sk: `${uploadPrefix}${upload.receivedAt}#${uploadId}`,
        schemaVersion: 1,
        ...upload,
      },
    },
    {
      put: keyItem(keyAfter, clock),
      when: { equals: { sequencer: keyBefore.sequencer, versionId: keyBefore.versionId } },
      otherwise: new AppError(
        'conflict',
        'UploadRaced',
        `Another write of ${upload.key} was handled meanwhile. Decide again.`,
      ),
    },
  ];
}
