import type { ApprovalRequest } from '#services/approvals/contract.ts';
import type { Page } from '#shared/kernel/paging.ts';
import type { ApprovalStore } from '../ports.ts';
import { approvalNotFound } from './change-approval.ts';
import type { Permissions } from './decide-approval.ts';

export interface ListApprovalsInput {
  readonly permissions: Pick<Permissions, 'maySee'>;
  readonly project?: string | undefined;
  readonly status?: ApprovalRequest['status'] | undefined;
  readonly pageToken?: string | undefined;
}

/** A request looks through at most so many pages of the store for what matches; then it hands on where to continue. */
const maxPages = 20;

/** One request. Throws ApprovalNotFound, also where the caller may not see its project. */
export async function readApproval(
  store: ApprovalStore,
  approvalId: string,
  permissions: Pick<Permissions, 'maySee'>,
): Promise<ApprovalRequest> {
  const approval = await store.read(approvalId);
  if (!approval || !permissions.maySee(approval.request.project)) throw approvalNotFound(approvalId);
  return approval.request;
}

/** Requests of the projects that the caller may see, newest first. */
export async function listApprovals(
  store: ApprovalStore,
  { permissions, project, status, pageToken }: ListApprovalsInput,
): Promise<Page<ApprovalRequest>> {
  const matches = (request: ApprovalRequest) =>
    permissions.maySee(request.project) &&
    (project === undefined || request.project === project) &&
    (status === undefined || request.status === status);
  let cursor = pageToken;
  for (let pages = 1; ; pages++) {
    const page = await store.list(cursor);
    const items = page.items.filter(matches);
    cursor = page.nextPageToken;
    if (items.length > 0 || cursor === undefined || pages === maxPages)
      return { items, ...(cursor ? { nextPageToken: cursor } : {}) };
  }
}
