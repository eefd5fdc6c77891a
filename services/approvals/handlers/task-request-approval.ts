import { createTaskTokens } from '#shared/aws/task-tokens.ts';
import { waitingTaskHandler } from '#shared/lambda/task.ts';
import { requestApproval as task } from '../contract.ts';
import { requestApproval } from '../use-cases/request-approval.ts';
import { approvalDeps } from './approvals.ts';

const deps = { ...approvalDeps(), tokens: createTaskTokens() };

export const handler = waitingTaskHandler(task, (input, context) => requestApproval(deps, input, context));
