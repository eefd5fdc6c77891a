import { everyItem } from '#shared/aws/every-item.ts';
import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import type { ValidationRecord, ValidationStore } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';
import { profileKey, projectKey, versionKey, versionPrefix, versionText } from './keys.ts';

type RecordItem = StoredItems['validation'];

export function createValidationStore(stored: Table): ValidationStore {
  const table = versionedTable(stored, itemKinds);
  const firstTrainable = async (
    pk: string,
    range: readonly [string, string],
    newestFirst: boolean,
  ): Promise<ValidationRecord | undefined> => {
    const query = { pk, skBetween: range, newestFirst, consistent: true };
    for await (const item of everyItem<RecordItem>(table, query))
      if (isTrainable(item)) return toRecord(item);
    return undefined;
  };
  return {
    async find(project, datasetVersion) {
      const item = await table.get<RecordItem>(versionKey(project, datasetVersion));
      return item && toRecord(item);
    },
    async newest(project) {
      const query = { pk: projectKey(project), skPrefix: versionPrefix, newestFirst: true, limit: 1 };
      const { items } = await table.query<RecordItem>({ ...query, consistent: true });
      return items[0] && toRecord(items[0]);
    },
    newestTrainable: (project, before) =>
      firstTrainable(projectKey(project), rangeOf(0, before === undefined ? lastVersion : before - 1), true),
    oldestTrainable: (project) => firstTrainable(projectKey(project), rangeOf(0, lastVersion), false),
    async *from(project, datasetVersion) {
      const query = { pk: projectKey(project), skBetween: rangeOf(datasetVersion, lastVersion) };
      for await (const item of everyItem<RecordItem>(table, query)) yield toRecord(item);
    },
    async findProfile(project, datasetVersion) {
      const item = await table.get<StoredItems['profile']>(profileKey(project, datasetVersion));
      return item && { project, datasetVersion, profile: item.profile };
    },
    async markExpired(project, datasetVersion, at) {
      const update = versionKey(project, datasetVersion);
      await table.commit({ writes: [{ update, set: { expiredAt: at }, when: { present: true } }] });
    },
  };
}

const lastVersion = 99_999_999;
const rangeOf = (first: number, last: number): readonly [string, string] => [
  `${versionPrefix}${versionText(first)}`,
  `${versionPrefix}${versionText(last)}`,
];

const isTrainable = ({ verdict, expiredAt }: ValidationRecord): boolean =>
  (verdict === 'Pass' || verdict === 'Warn') && expiredAt === undefined;

function toRecord({ pk: _pk, sk: _sk, schemaVersion: _version, ...record }: RecordItem): ValidationRecord {
  return record;
}
