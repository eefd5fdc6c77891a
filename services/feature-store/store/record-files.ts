import { everyItem } from '#shared/aws/every-item.ts';
import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import { collect } from '#shared/kernel/collect.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { RecordFile, RecordFiles } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';

/** Writes of one transaction at most. */
const filesAtOnce = 100;

const partition = (project: string, view: string) => `RECORDS#${project}#${view}`;
const keyOf = ({ project, view, firstAvailableAt, object }: RecordFile) => ({
  pk: partition(project, view),
  sk: `FILE#${firstAvailableAt}#${object.uri}`,
});
const itemOf = (file: RecordFile): StoredItems['recordFile'] => ({
  ...keyOf(file),
  schemaVersion: 1,
  ...file,
  sha256: file.object.sha256,
});

/** The index of landed records: one item per file. */
export function createRecordFiles(stored: Table): RecordFiles {
  const table = versionedTable(stored, itemKinds);
  return {
    async add(files) {
      for (let from = 0; from < files.length; from += filesAtOnce) {
        const writes = files.slice(from, from + filesAtOnce).map((file) => ({ put: itemOf(file) }));
        await table.commit({ writes });
      }
    },
    async list(project, view) {
      const query = { pk: partition(project, view), skPrefix: 'FILE#', consistent: true };
      return (await collect(everyItem<StoredItems['recordFile']>(table, query))).map(fileOf);
    },
    replace: (gone, file) =>
      table.commit({
        writes: [
          ...gone.map((one) => ({
            delete: keyOf(one),
            when: { equals: { sha256: one.object.sha256 } },
            otherwise: new AppError(
              'conflict',
              'RecordFilesChanged',
              `${one.object.uri} was put together, or erased from, meanwhile. List the files again.`,
            ),
          })),
          { put: itemOf(file) },
        ],
      }),
    async settle(file) {
      const { replaces: _removed, ...settled } = file;
      await table.put(itemOf(settled), { when: { equals: { sha256: file.object.sha256 } } });
    },
    remove: (file) => table.deleteAll([keyOf(file)]),
  };
}

const fileOf = ({
  pk: _pk,
  sk: _sk,
  schemaVersion: _version,
  sha256: _content,
  ...file
}: StoredItems['recordFile']): RecordFile => file;
