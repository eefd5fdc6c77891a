import * as z from 'zod';
import type { ApprovalRequest } from '#services/approvals/contract.ts';
import { decodePageToken, encodePageToken, invalidPageToken, type Page } from '#shared/kernel/paging.ts';
import type { ApprovalStore, ListPosition } from '../ports.ts';
import { approvalNotFound } from './change-approval.ts';
import type { Permissions } from './decide-approval.ts';

export interface ListApprovalsInput {
  readonly permissions: Pick<Permissions, 'maySee'>;
  readonly project?: string | undefined;
  readonly status?: ApprovalRequest['status'] | undefined;
  readonly pageToken?: string | undefined;
}

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

/**
 * Requests of the projects that the caller may see, newest first. The store is looked through until some match. The page token names
 * the last request of the page and never one that the caller may not see. Throws InvalidPageToken.
 */
export async function listApprovals(
  store: ApprovalStore,
  { permissions, project, status, pageToken }: ListApprovalsInput,
): Promise<Page<ApprovalRequest>> {
  const matches = (request: ApprovalRequest) =>
    permissions.maySee(request.project) &&
    (project === undefined || request.project === project) &&
    (status === undefined || request.status === status);
  let after = pageToken === undefined ? undefined : positionOf(pageToken);
  for (;;) {
    const page = await store.list(after);
    const items = page.items.filter(matches);
    const last = items.at(-1);
    if (last && page.hasMore) return { items, nextPageToken: encodePageToken(placeOf(last)) };
    after = page.items.at(-1);
    if (last || !page.hasMore || !after) return { items };
  }
}

const placeOf = ({ approvalId, requestedAt }: ListPosition): ListPosition => ({ approvalId, requestedAt });
const listPosition = z.strictObject({
  approvalId: z.string().min(1).max(128),
  requestedAt: z.iso.datetime(),
});

function positionOf(pageToken: string): ListPosition {
  const position = listPosition.safeParse(decodePageToken(pageToken));
  if (!position.success) throw invalidPageToken(pageToken);
  return position.data;
}
