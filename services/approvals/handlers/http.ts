import { type Caller, hasRole } from '#shared/contracts/caller.ts';
import { httpHandler, route } from '#shared/lambda/http.ts';
import * as contract from '../contract.ts';
import { decideApproval, type Permissions } from '../use-cases/decide-approval.ts';
import { listApprovals, readApproval } from '../use-cases/read-approvals.ts';
import { approvalDeps } from './approvals.ts';

const deps = approvalDeps();

const permissionsOf = (caller: Caller): Permissions => ({
  maySee: (project) => hasRole(caller, 'viewer', project),
  mayApprove: (project) => hasRole(caller, 'approver', project),
});

export const handler = httpHandler([
  route(contract.listApprovals, async ({ query, caller }) => {
    const page = await listApprovals(deps.store, { ...query, permissions: permissionsOf(caller) });
    return { ...page, items: [...page.items] };
  }),
  route(contract.readApproval, ({ params, caller }) =>
    readApproval(deps.store, params.approvalId, permissionsOf(caller)),
  ),
  route(contract.decideApproval, ({ params, body, caller }) =>
    decideApproval(deps, {
      ...body,
      approvalId: params.approvalId,
      by: caller.id,
      permissions: permissionsOf(caller),
    }),
  ),
]);
