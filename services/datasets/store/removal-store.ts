import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table, Write } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { ExpiringVersion, Removal, RemovalStore, Version } from '../ports/versions.ts';
import { itemKinds, type StoredItems } from './items.ts';
import { erasingKey, marksKey, newestKey, objectsKey, removalKey, versionKey } from './keys.ts';

export function createRemovalStore(stored: Table): RemovalStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async pending(project) {
      const item = await table.get<StoredItems['removal']>(removalKey(project));
      return item && { removalId: item.removalId, plan: item.plan };
    },
    async state(project) {
      // In this order: a removal that begins in between is seen as under way, or makes the count stale.
      const counted = await table.get<StoredItems['objects']>(objectsKey(project));
      const pending = await table.get<StoredItems['removal']>(removalKey(project));
      return { removals: counted?.removals ?? 0, isRemoving: pending !== undefined };
    },
    async expire(project, { newest, expiring, expiredAt, removal }) {
      const otherwise = versionsChanged(project);
      await table.commit({
        writes: [
          ...expiring.flatMap((each) => expiryWrites(project, each, expiredAt, otherwise)),
          newestCheck(project, newest, otherwise),
          { check: erasingKey(project), when: { absent: true }, otherwise },
          ...(await removalWrites(table, project, removal, otherwise)),
        ],
        events: expiring.map(({ event }) => event),
      });
    },
    finish: async (project, { removalId }) => {
      const otherwise = versionsChanged(project);
      await table.commit({
        writes: [{ delete: removalKey(project), when: { equals: { removalId } }, otherwise }],
      });
    },
  };
}

export const versionsChanged = (project: string): AppError =>
  new AppError(
    'conflict',
    'VersionsChanged',
    `The versions of the dataset of '${project}' changed meanwhile. Decide again by what there is now.`,
  );

/** The newest version must be as it was when it was decided what nothing names any more. */
export const newestCheck = (project: string, newest: Version, otherwise: AppError): Write => ({
  check: newestKey(project),
  when: { equals: { datasetVersion: newest.datasetVersion, contentSha256: newest.contentSha256 } },
  otherwise,
});

function expiryWrites(
  project: string,
  { version, marks }: ExpiringVersion,
  expiredAt: string,
  otherwise: AppError,
): Write[] {
  const key = versionKey(project, version.datasetVersion);
  const { revision } = marks;
  return [
    {
      update: key,
      set: { expiredAt },
      when: { equals: { contentSha256: version.contentSha256, expiredAt: undefined } },
      otherwise,
    },
    {
      check: marksKey(project, version.datasetVersion),
      when: revision === 0 ? { absent: true } : { equals: { revision } },
      otherwise,
    },
  ];
}

/** Begins a removal: one at a time, and counted, so that no upload takes an object for kept that is about to go. */
export async function removalWrites(
  table: Table,
  project: string,
  removal: Removal,
  otherwise: AppError,
): Promise<Write[]> {
  const counted = await table.get<StoredItems['objects']>(objectsKey(project));
  const removals = counted?.removals;
  return [
    { put: { ...removalKey(project), schemaVersion: 1, ...removal }, when: { absent: true }, otherwise },
    {
      put: { ...objectsKey(project), schemaVersion: 1, removals: (removals ?? 0) + 1 },
      when: removals === undefined ? { absent: true } : { equals: { removals } },
      otherwise,
    },
  ];
}
