import { everyItem } from '#shared/aws/every-item.ts';
import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import type { DatasetReaders, ViewKey } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';

type ReaderItem = StoredItems['datasetReader'];

const partition = (dataset: string): string => `DATASET#${dataset}`;

function itemOf(dataset: string, { project, view, version }: ViewKey): ReaderItem {
  const sk = `VIEW#${project}#${view}#${String(version).padStart(6, '0')}`;
  return { pk: partition(dataset), sk, schemaVersion: 1, project, view, version };
}

/** `DATASET#<dataset>` / `VIEW#<project>#<view>#<6 digits>`: a version of a view that is made of the dataset. */
export function createDatasetReaders(stored: Table): DatasetReaders {
  const table = versionedTable(stored, itemKinds);
  return {
    async note(dataset, views) {
      for (const view of views) await table.put(itemOf(dataset, view));
    },
    async *of(dataset) {
      const query = { pk: partition(dataset), skPrefix: 'VIEW#', consistent: true };
      for await (const { project, view, version } of everyItem<ReaderItem>(table, query))
        yield { project, view, version };
    },
  };
}
