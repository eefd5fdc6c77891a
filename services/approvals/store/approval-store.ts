import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Key, Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { encodePageToken } from '#shared/kernel/paging.ts';
import type { ApprovalStore, ListPosition } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';

/**
 * `APPROVAL#<approvalId>` / `APPROVAL`: a request with its decisions and its task token; in the index under `APPROVALS` by the time
 * that it was opened. Releases are few, so one partition of the index holds them all.
 */
const approvalKey = (approvalId: string): Key => ({ pk: `APPROVAL#${approvalId}`, sk: 'APPROVAL' });
const allApprovals = 'APPROVALS';
const indexKey = ({ requestedAt, approvalId }: ListPosition) => ({
  gsi1pk: allApprovals,
  gsi1sk: `${requestedAt}#${approvalId}`,
});
const pageSize = 50;

export function createApprovalStore(stored: Table): ApprovalStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async read(approvalId) {
      const item = await table.get<StoredItems['approval']>(approvalKey(approvalId));
      if (!item) return undefined;
      const { request, taskToken, metadata, revision } = item;
      return { request, taskToken, metadata, revision };
    },
    async save({ request, taskToken, metadata, revision }, events) {
      const { approvalId, requestedAt } = request;
      await table.commit({
        writes: [
          {
            put: {
              ...approvalKey(approvalId),
              schemaVersion: 1,
              request,
              taskToken,
              metadata,
              revision,
              ...indexKey({ approvalId, requestedAt }),
            },
            when: revision === 1 ? { absent: true } : { equals: { revision: revision - 1 } },
            otherwise: new AppError(
              'conflict',
              'ApprovalChanged',
              `Approval request '${approvalId}' was changed by somebody else. Read it again and repeat.`,
            ),
          },
        ],
        events,
      });
    },
    async list(after) {
      const page = await table.query<StoredItems['approval']>({
        index: 'gsi1',
        pk: allApprovals,
        newestFirst: true,
        limit: pageSize,
        ...(after
          ? { pageToken: encodePageToken({ ...approvalKey(after.approvalId), ...indexKey(after) }) }
          : {}),
      });
      return {
        items: page.items.map(({ request }) => request),
        hasMore: page.nextPageToken !== undefined,
      };
    },
  };
}
