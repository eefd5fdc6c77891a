import { everyItem } from '#shared/aws/every-item.ts';
import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { DiffRecord, DiffStore } from '../ports/versions.ts';
import { itemKinds, type StoredItems } from './items.ts';
import { padded, partition } from './keys.ts';

const diffPrefix = 'DIFF#';
const diffKey = ({ project, from, to }: { project: string; from: number; to: number }) => ({
  pk: partition(project),
  sk: `${diffPrefix}${padded(from)}#${padded(to)}`,
});

export function createDiffStore(stored: Table): DiffStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async find(project, from, to) {
      const item = await table.get<StoredItems['diff']>(diffKey({ project, from, to }));
      return item && toRecord(item);
    },
    request: (pair, record, before, event) =>
      table.commit({
        writes: [
          {
            put: { ...diffKey(pair), schemaVersion: 1, ...record },
            when: before
              ? { equals: { requestId: before.requestId, status: before.status } }
              : { absent: true },
            otherwise: new AppError('conflict', 'DiffRaced', 'The diff was asked for at the same time.'),
          },
        ],
        events: [event],
      }),
    async settle(pair, record) {
      const superseded = new AppError('conflict', 'DiffSuperseded', 'The diff was asked for anew.');
      try {
        await table.put(
          { ...diffKey(pair), schemaVersion: 1, ...record },
          { when: { equals: { requestId: record.requestId } }, otherwise: superseded },
        );
      } catch (error) {
        if (error !== superseded) throw error;
      }
    },
    async *each(project) {
      const query = { pk: partition(project), skPrefix: diffPrefix, consistent: true };
      for await (const item of everyItem<StoredItems['diff']>(table, query)) {
        const [, from, to] = item.sk.split('#');
        yield { ...toRecord(item), from: Number(from), to: Number(to) };
      }
    },
    async forget(project, pairs) {
      for (const pair of pairs) await table.commit({ writes: [{ delete: diffKey({ project, ...pair }) }] });
    },
  };
}

function toRecord({ requestId, inputs, status, at, reason, result }: StoredItems['diff']): DiffRecord {
  return {
    requestId,
    inputs,
    status,
    at,
    ...(reason === undefined ? {} : { reason }),
    ...(result === undefined ? {} : { result }),
  };
}
