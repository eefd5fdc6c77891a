import { ReleaseRejected } from '#events/deployment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { withdrawApproval } from '../use-cases/withdraw-approval.ts';
import { approvalDeps } from './approvals.ts';

const deps = approvalDeps();

/** Nobody is to decide on a release that has ended: most ended by the decision itself, then nothing is left to do. */
export const handler = eventHandler(ReleaseRejected, ({ detail: { metadata, data } }) =>
  withdrawApproval(deps, { approvalId: data.releaseId, reason: data.reason }, metadata),
);
