import { taskHandler } from '#shared/lambda/task.ts';
import { expireApproval as task } from '../contract.ts';
import { expireApproval } from '../use-cases/expire-approval.ts';
import { approvalDeps } from './approvals.ts';

const deps = approvalDeps();

export const handler = taskHandler(task, async ({ releaseId }) => {
  await expireApproval(deps, releaseId);
  return {};
});
