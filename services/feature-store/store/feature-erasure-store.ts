import { everyItem } from '#shared/aws/every-item.ts';
import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import { collect } from '#shared/kernel/collect.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { FeatureErasureRecord, FeatureErasureStore } from '../ports/feature-erasure.ts';
import { itemKinds, type StoredItems } from './items.ts';

const pageSize = 50;
const partition = (project: string) => `FEATUREERASURES#${project}`;
const erasurePrefix = 'ERASURE#';
const erasureKey = (project: string, erasureId: string) => ({
  pk: partition(project),
  sk: `${erasurePrefix}${erasureId}`,
});
const runningKey = (project: string) => ({ pk: partition(project), sk: 'RUNNING' });
const workPartition = (project: string, erasureId: string) => `FEATUREERASURE#${project}#${erasureId}`;
const filePrefix = 'FILE#';

export function createFeatureErasureStore(stored: Table): FeatureErasureStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async find(project, erasureId) {
      const item = await table.get<StoredItems['featureErasure']>(erasureKey(project, erasureId));
      return item && withoutKeys<FeatureErasureRecord>(item);
    },
    async page(project, pageToken) {
      const page = await table.query<StoredItems['featureErasure']>({
        pk: partition(project),
        skPrefix: erasurePrefix,
        newestFirst: true,
        limit: pageSize,
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      return { ...page, items: page.items.map((item) => withoutKeys<FeatureErasureRecord>(item)) };
    },
    async since(project, time) {
      const query = { pk: partition(project), skPrefix: erasurePrefix, newestFirst: true, consistent: true };
      const found: FeatureErasureRecord[] = [];
      for await (const item of everyItem<StoredItems['featureErasure']>(table, query)) {
        if (item.requestedAt < time) break;
        found.push(withoutKeys(item));
      }
      return found;
    },
    async running(project) {
      const item = await table.get<StoredItems['runningFeatureErasure']>(runningKey(project));
      return item && { erasureId: item.erasureId, since: item.since, resumptions: item.resumptions };
    },
    request: (erasure, event) => {
      const { project, erasureId, requestedAt } = erasure;
      return table.commit({
        writes: [
          {
            put: { ...runningKey(project), schemaVersion: 1, erasureId, since: requestedAt, resumptions: 0 },
            when: { absent: true },
            otherwise: new AppError(
              'conflict',
              'FeatureErasureRunning',
              `Another erasure by entity key of '${project}' is at work. Ask again when it is done: GET /v1/projects/${project}/feature-erasures.`,
            ),
          },
          {
            put: { ...erasureKey(project, erasureId), schemaVersion: 1, ...erasure },
            when: { absent: true },
          },
        ],
        events: [event],
      });
    },
    resume: (project, { erasureId, since, resumptions }, before, event) =>
      table.commit({
        writes: [
          {
            update: runningKey(project),
            set: { since, resumptions },
            when: { equals: { erasureId, since: before.since } },
            otherwise: changed(project, erasureId),
          },
        ],
        events: [event],
      }),
    note: (project, erasureId, done) =>
      table.commit({
        writes: [
          {
            update: erasureKey(project, erasureId),
            set: { ...done },
            when: { equals: { status: 'running' } },
            otherwise: changed(project, erasureId),
          },
        ],
      }),
    close: ({ project, erasureId, status, completedAt, failure, certificate }, events) =>
      table.commit({
        writes: [
          {
            update: erasureKey(project, erasureId),
            set: { status, completedAt, failure, certificate },
            when: { equals: { status: 'running' } },
            otherwise: changed(project, erasureId),
          },
          { delete: runningKey(project), when: { equals: { erasureId } } },
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
    async recordFile(project, erasureId, uri) {
      const key = { pk: workPartition(project, erasureId), sk: `${filePrefix}${uri}` };
      const item = await table.get<StoredItems['erasedRecordFile']>(key);
      return item && fileOf(item);
    },
    noteRecordFile: (project, erasureId, file) =>
      table.put({
        pk: workPartition(project, erasureId),
        sk: `${filePrefix}${file.uri}`,
        schemaVersion: 1,
        ...file,
      }),
    async recordFiles(project, erasureId) {
      const query = { pk: workPartition(project, erasureId), skPrefix: filePrefix, consistent: true };
      return (await collect(everyItem<StoredItems['erasedRecordFile']>(table, query))).map(fileOf);
    },
  };
}

const changed = (project: string, erasureId: string): AppError =>
  new AppError(
    'conflict',
    'FeatureErasureChanged',
    `Erasure ${erasureId} of '${project}' ended, or went on, meanwhile.`,
  );

function withoutKeys<Attributes>(
  item: { pk: string; sk: string; schemaVersion: number } & Attributes,
): Attributes {
  const { pk: _pk, sk: _sk, schemaVersion: _schemaVersion, ...attributes } = item;
  return attributes as unknown as Attributes;
}

const fileOf = ({ uri, erased, onlineValuesDeleted, isDone }: StoredItems['erasedRecordFile']) => ({
  uri,
  erased,
  onlineValuesDeleted,
  isDone,
});
