import type { ApprovalRequest } from '#services/approvals/contract.ts';
import { AppError } from '#shared/kernel/errors.ts';

export interface DecisionInput {
  readonly by: string;
  /** Whether the identity has the role approver for the project. */
  readonly isApprover: boolean;
  readonly decision: 'approved' | 'rejected';
  readonly comment: string;
  /** What the decider looked at: must be what is decided on. */
  readonly subjectDigest: string;
  readonly at: Date;
}

/**
 * The request after a decision. One rejection ends it; approvals count up to the quorum, one per identity. Throws ApprovalClosed,
 * SubjectChanged, NotAnApprover, RequesterMayNotApprove, AlreadyDecided.
 */
export function decide(request: ApprovalRequest, input: DecisionInput): ApprovalRequest {
  assertOpen(request, input.at);
  assertSameSubject(request, input.subjectDigest);
  assertMayDecide(request, input);
  const { by, decision, comment, at } = input;
  const decisions = [...request.decisions, { by, decision, comment, at: at.toISOString() }];
  if (decision === 'rejected') return { ...request, decisions, status: 'rejected' };
  // Nobody is in the list twice, and a rejection would have ended it: all of them approved.
  return { ...request, decisions, status: decisions.length >= request.quorum ? 'approved' : 'pending' };
}

/** The request when nobody decided in time; a closed one stays as it is. */
export function expire(request: ApprovalRequest): ApprovalRequest {
  return request.status === 'pending' ? { ...request, status: 'expired' } : request;
}

/** The pending request of a release that ended by itself. */
export function withdraw(
  request: ApprovalRequest,
  { by, reason, at }: { readonly by: string; readonly reason: string; readonly at: Date },
): ApprovalRequest {
  const comment = `The release ended: ${reason}`.slice(0, maxCommentLength);
  const decision = { by, decision: 'rejected' as const, comment, at: at.toISOString() };
  return { ...request, decisions: [...request.decisions, decision], status: 'rejected' };
}

const maxCommentLength = 4000;

function assertOpen({ approvalId, status, expiresAt }: ApprovalRequest, at: Date): void {
  const late = at.getTime() >= Date.parse(expiresAt);
  if (status === 'pending' && !late) return;
  throw new AppError(
    'conflict',
    'ApprovalClosed',
    `Approval request '${approvalId}' ${status === 'pending' ? `expired at ${expiresAt}` : `is ${status}`}: it takes no decisions any more. A new training opens a new request.`,
    { status },
  );
}

function assertSameSubject({ approvalId, subjectDigest }: ApprovalRequest, seen: string): void {
  if (seen === subjectDigest) return;
  throw new AppError(
    'precondition_failed',
    'SubjectChanged',
    `The decision names subject ${seen}, but request '${approvalId}' is about ${subjectDigest}. Read the request again and decide on what it says.`,
    { expected: subjectDigest, actual: seen },
  );
}

function assertMayDecide(request: ApprovalRequest, { by, isApprover, decision }: DecisionInput): void {
  const { approvers, project, requestedBy, requesterMayApprove, decisions } = request;
  // The role comes first: whoever may write the project file could otherwise name themselves.
  if (!isApprover) {
    throw new AppError(
      'forbidden',
      'NotAnApprover',
      `'${by}' may not decide: it needs the role approver for project '${project}'. Ask an admin for a token with it.`,
    );
  }
  if (approvers.length > 0 && !approvers.includes(by)) {
    throw new AppError(
      'forbidden',
      'NotAnApprover',
      `'${by}' may not decide: project '${project}' names ${approvers.join(', ')} in approval.approvers.`,
    );
  }
  if (decision === 'approved' && by === requestedBy && !requesterMayApprove) {
    throw new AppError(
      'forbidden',
      'RequesterMayNotApprove',
      `'${by}' asked for this training, and approval.requesterMayApprove is false. Somebody else must approve; rejecting is allowed.`,
    );
  }
  if (decision === 'approved' && decisions.some((earlier) => earlier.by === by)) {
    throw new AppError(
      'already_exists',
      'AlreadyDecided',
      `'${by}' approved this request before; ${request.quorum} different identities are needed.`,
    );
  }
}
