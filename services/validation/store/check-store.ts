import { everyItem } from '#shared/aws/every-item.ts';
import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import { type Clock, epochSeconds } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { Check, CheckStore } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';
import { checkKey, checkPartition, jobKey, unfinishedIndex } from './keys.ts';

type CheckItem = StoredItems['check'];
type JobItem = StoredItems['job'];

/** SageMaker tells of a job's end within hours; a job that is asked after later is answered by name. */
const jobSeconds = 30 * 86_400;

export function createCheckStore(stored: Table, clock: Clock): CheckStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async request(request, consumed) {
      const put = checkItem({ ...request, status: 'planned', attempts: 0, revision: 1 });
      await table.commit({ writes: [{ put }], ...(consumed ? { consumed } : {}) });
    },
    async list(project, datasetVersion) {
      const pk = checkPartition(project, datasetVersion);
      const checks: Check[] = [];
      for await (const item of everyItem<CheckItem>(table, { pk, consistent: true }))
        checks.push(toCheck(item));
      return checks;
    },
    async change(check, changes) {
      const changed = { ...check, ...changes, revision: check.revision + 1 };
      await table.put(checkItem(changed), {
        when: { equals: { revision: check.revision } },
        otherwise: checkChanged(check),
      });
      return changed;
    },
    remove: (check) => table.commit({ writes: [{ delete: checkKey(check) }] }),
    async saveJob(jobName, check) {
      const { project, datasetVersion, checkId, requestedAt } = check;
      const expiresAt = epochSeconds(clock.now()) + jobSeconds;
      const of = { project, datasetVersion, checkId, requestedAt, expiresAt };
      await table.put({ ...jobKey(jobName), schemaVersion: 1, ...of } satisfies JobItem);
    },
    async findJob(jobName) {
      const job = await table.get<JobItem>(jobKey(jobName));
      const item = job && (await table.get<CheckItem>(checkKey(job)));
      return item && toCheck(item);
    },
    async *unfinished() {
      const options = { index: 'gsi1', pk: unfinishedIndex } as const;
      for await (const item of everyItem<CheckItem>(table, options)) yield toCheck(item);
    },
  };
}

export const checkItem = (check: Check): CheckItem => ({
  ...checkKey(check),
  schemaVersion: 1,
  ...check,
  gsi1pk: unfinishedIndex,
  gsi1sk: `${check.requestedAt}#${check.project}#${check.datasetVersion}#${check.checkId}`,
});

function toCheck(item: CheckItem): Check {
  const { pk: _pk, sk: _sk, gsi1pk: _gsi1pk, gsi1sk: _gsi1sk, schemaVersion: _version, ...check } = item;
  return check;
}

/** Somebody else changed the check, or ended it, since it was read. */
export const checkChanged = ({ checkId }: Check): AppError =>
  new AppError('conflict', 'CheckChanged', `Check ${checkId} was changed by something else meanwhile.`);
