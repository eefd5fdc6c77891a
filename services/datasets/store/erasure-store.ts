import { everyItem } from '#shared/aws/every-item.ts';
import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table, Write } from '#shared/aws/table.ts';
import { collect } from '#shared/kernel/collect.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { ErasedObject, ErasedVersion, ErasureRecord, ErasureStore, Version } from '../ports/versions.ts';
import { itemKinds, type StoredItems } from './items.ts';
import { erasingKey, newestKey, padded, partition, versionKey } from './keys.ts';
import { newestCheck, removalWrites, versionsChanged } from './removal-store.ts';

const pageSize = 50;
const erasurePrefix = 'ERASURE#';
const erasureKey = (project: string, erasureId: string) => ({
  pk: partition(project),
  sk: `${erasurePrefix}${erasureId}`,
});
/** The work plan of one erasure has a partition of its own. */
const workPartition = (project: string, erasureId: string) => `ERASURE#${project}#${erasureId}`;

export function createErasureStore(stored: Table): ErasureStore {
  const table = versionedTable(stored, itemKinds);
  const work = <Kind extends 'erasedObject' | 'erasedVersion'>(pk: string, skPrefix: string) =>
    collect(everyItem<StoredItems[Kind]>(table, { pk, skPrefix, consistent: true }));
  return {
    async find(project, erasureId) {
      const item = await table.get<StoredItems['erasure']>(erasureKey(project, erasureId));
      return item && recordOf(item);
    },
    async page(project, pageToken) {
      const page = await table.query<StoredItems['erasure']>({
        pk: partition(project),
        skPrefix: erasurePrefix,
        newestFirst: true,
        limit: pageSize,
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      return { ...page, items: page.items.map(recordOf) };
    },
    async running(project) {
      const item = await table.get<StoredItems['erasing']>(erasingKey(project));
      if (!item) return undefined;
      const { erasureId, since, idleResumptions, steps, lastError } = item;
      return { erasureId, since, idleResumptions, steps, lastError };
    },
    request: (project, erasure, event) =>
      table.commit({
        writes: [
          begun(project, erasure.erasureId, erasure.requestedAt),
          erasureWrite(project, erasure, { absent: true }),
        ],
        events: [event],
      }),
    resume: (project, { erasureId, since, idleResumptions, steps }, event) =>
      table.commit({
        writes: [
          {
            update: erasingKey(project),
            set: { since, idleResumptions, steps },
            when: { equals: { erasureId } },
          },
        ],
        events: [event],
      }),
    reopen: (project, erasure, at, event) =>
      table.commit({
        writes: [
          begun(project, erasure.erasureId, at),
          erasureWrite(project, erasure, { equals: { status: 'failed' } }),
        ],
        events: [event],
      }),
    noteError: (project, erasureId, lastError) =>
      table.commit({
        writes: [{ update: erasingKey(project), set: { lastError }, when: { equals: { erasureId } } }],
      }),
    objects: async (project, erasureId) =>
      (await work<'erasedObject'>(workPartition(project, erasureId), 'OBJECT#')).map(objectOf),
    recordObject: (project, erasureId, object) =>
      table.put({
        pk: workPartition(project, erasureId),
        sk: `OBJECT#${object.objectId}`,
        schemaVersion: 1,
        ...object,
      }),
    versions: async (project, erasureId) =>
      (await work<'erasedVersion'>(workPartition(project, erasureId), 'VERSION#')).map(versionOf),
    rewriteVersion: (project, erasureId, { before, after, isNewest, record }) =>
      table.commit({
        writes: [
          contentWrite(versionKey(project, before.datasetVersion), before, after),
          ...(isNewest ? [contentWrite(newestKey(project), before, after)] : []),
          {
            put: {
              pk: workPartition(project, erasureId),
              sk: `VERSION#${padded(record.datasetVersion)}`,
              schemaVersion: 1,
              ...record,
            },
          },
        ],
      }),
    async beginRemoval(project, newest, removal) {
      const otherwise = versionsChanged(project);
      const begun = await removalWrites(table, project, removal, otherwise);
      await table.commit({ writes: [newestCheck(project, newest, otherwise), ...begun] });
    },
    close: (project, erasure, { swept, events }) =>
      table.commit({
        writes: [
          erasureWrite(project, erasure, { equals: { status: 'running' } }),
          { delete: erasingKey(project), when: { equals: { erasureId: erasure.erasureId } } },
          ...(swept ? [newestCheck(project, swept, versionsChanged(project))] : []),
        ],
        events,
      }),
    forgetKeys: (project, erasureId) =>
      table.commit({
        writes: [
          {
            update: erasureKey(project, erasureId),
            set: { keysDocument: undefined },
            when: { present: true },
          },
        ],
      }),
  };
}

/** One at a time. */
const begun = (project: string, erasureId: string, since: string): Write => ({
  put: { ...erasingKey(project), schemaVersion: 1, erasureId, since },
  when: { absent: true },
  otherwise: new AppError(
    'conflict',
    'ErasureRunning',
    `Another erasure of '${project}' is at work. Ask again when it is done: GET /v1/projects/${project}/erasures.`,
  ),
});

function erasureWrite(
  project: string,
  erasure: ErasureRecord,
  when: { absent: true } | { equals: { status: string } },
): Write {
  return { put: { ...erasureKey(project, erasure.erasureId), schemaVersion: 1, ...erasure }, when };
}

/** The number stays, the content is another. */
function contentWrite(update: { pk: string; sk: string }, before: Version, after: Version): Write {
  const { contentSha256, manifest, rows, bytes, erasures } = after;
  return {
    update,
    set: { contentSha256, manifest, rows, bytes, erasures },
    when: {
      equals: {
        datasetVersion: before.datasetVersion,
        contentSha256: before.contentSha256,
        expiredAt: undefined,
      },
    },
    otherwise: versionsChanged(before.project),
  };
}

function withoutKeys<T extends { pk: string; sk: string; schemaVersion: number }>(item: T) {
  const { pk: _pk, sk: _sk, schemaVersion: _schemaVersion, ...attributes } = item;
  return attributes;
}
const recordOf = (item: StoredItems['erasure']): ErasureRecord =>
  withoutKeys(item) as unknown as ErasureRecord;
const objectOf = (item: StoredItems['erasedObject']): ErasedObject =>
  withoutKeys(item) as unknown as ErasedObject;
const versionOf = (item: StoredItems['erasedVersion']): ErasedVersion =>
  withoutKeys(item) as unknown as ErasedVersion;
