import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import type { Page } from '#shared/kernel/paging.ts';
import type { ValidationRecord, ValidationStore } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';

const consumer = 'validation/on-dataset-version-created';
const pageSize = 25;
const partition = (project: string): string => `PROJECT#${project}`;
const versionPrefix = 'VERSION#';
const keyOf = (project: string, version: number) => ({
  pk: partition(project),
  sk: `${versionPrefix}${String(version).padStart(8, '0')}`,
});

export function createValidationStore(stored: Table): ValidationStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async find(project, datasetVersion) {
      const item = await table.get<StoredItems['validation']>(keyOf(project, datasetVersion));
      return item && toRecord(item);
    },
    async newestTrainable(project) {
      let pageToken: string | undefined;
      do {
        const page: Page<StoredItems['validation']> = await table.query<StoredItems['validation']>({
          pk: partition(project),
          skPrefix: versionPrefix,
          newestFirst: true,
          consistent: true,
          limit: pageSize,
          ...(pageToken === undefined ? {} : { pageToken }),
        });
        const found = page.items.find(({ verdict }) => verdict === 'Pass' || verdict === 'Warn');
        if (found) return toRecord(found);
        pageToken = page.nextPageToken;
      } while (pageToken !== undefined);
      return undefined;
    },
    save: (record, event, consumedEventId) =>
      table.commit({
        writes: [{ put: { ...keyOf(record.project, record.datasetVersion), schemaVersion: 1, ...record } }],
        events: [event],
        consumed: { consumer, eventId: consumedEventId },
      }),
  };
}

function toRecord({ project, datasetVersion, verdict, report }: StoredItems['validation']): ValidationRecord {
  return { project, datasetVersion, verdict, report };
}
