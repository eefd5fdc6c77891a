import { everyItem } from '#shared/aws/every-item.ts';
import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import { type Clock, epochSeconds } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { RetrievalRecord, RetrievalStore } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';

type RetrievalItem = StoredItems['retrieval'];

const pageSize = 20;
/** SageMaker tells of a job's end within hours; a job that is asked after later is answered by name. */
const jobSeconds = 30 * 86_400;
/** Partition of the index: retrievals that something has to work on. */
const unfinishedIndex = 'UNFINISHED-RETRIEVALS';

const partition = (project: string) => `RETRIEVALS#${project}`;
const keyOf = ({ project, retrievalId }: { project: string; retrievalId: string }) => ({
  pk: partition(project),
  sk: retrievalId,
});
const jobKey = (jobName: string) => ({ pk: `RETRIEVALJOB#${jobName}`, sk: 'JOB' });

export function createRetrievalStore(stored: Table, clock: Clock): RetrievalStore {
  const table = versionedTable(stored, itemKinds);
  const find: RetrievalStore['find'] = async (project, retrievalId) => {
    const item = await table.get<RetrievalItem>(keyOf({ project, retrievalId }));
    return item && toRecord(item);
  };
  return {
    find,
    add: (retrieval, event) =>
      table.commit({ writes: [{ put: itemOf(retrieval), when: { absent: true } }], events: [event] }),
    async list(project, pageToken) {
      const page = await table.query<RetrievalItem>({
        pk: partition(project),
        newestFirst: true,
        limit: pageSize,
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      return { ...page, items: page.items.map(toRecord) };
    },
    async change(retrieval, changes, event) {
      const changed = { ...retrieval, ...changes, revision: retrieval.revision + 1 };
      const unchanged = {
        when: { equals: { revision: retrieval.revision } },
        otherwise: new AppError(
          'conflict',
          'RetrievalChanged',
          `Retrieval ${retrieval.retrievalId} was changed by something else meanwhile.`,
        ),
      };
      await table.commit({
        writes: [{ put: itemOf(changed), ...unchanged }],
        ...(event ? { events: [event] } : {}),
      });
      return changed;
    },
    async saveJob(jobName, { project, retrievalId }) {
      const expiresAt = epochSeconds(clock.now()) + jobSeconds;
      const item = { ...jobKey(jobName), schemaVersion: 1, project, retrievalId, expiresAt } as const;
      await table.put(item satisfies StoredItems['retrievalJob']);
    },
    async findJob(jobName) {
      const job = await table.get<StoredItems['retrievalJob']>(jobKey(jobName));
      return job && find(job.project, job.retrievalId);
    },
    async *unfinished() {
      const options = { index: 'gsi1', pk: unfinishedIndex } as const;
      for await (const item of everyItem<RetrievalItem>(table, options)) yield toRecord(item);
    },
  };
}

const itemOf = (retrieval: RetrievalRecord): RetrievalItem => ({
  ...keyOf(retrieval),
  schemaVersion: 1,
  ...retrieval,
  ...(retrieval.work === 'ended'
    ? {}
    : { gsi1pk: unfinishedIndex, gsi1sk: `${retrieval.requestedAt}#${retrieval.retrievalId}` }),
});

function toRecord(item: RetrievalItem): RetrievalRecord {
  const { pk: _pk, sk: _sk, gsi1pk: _gsi1pk, gsi1sk: _gsi1sk, schemaVersion: _version, ...retrieval } = item;
  return retrieval;
}
