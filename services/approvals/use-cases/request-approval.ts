import type * as z from 'zod';
import { ApprovalRequested } from '#events/approvals.ts';
import type { ApprovalRequest, requestApproval as task } from '#services/approvals/contract.ts';
import type { TaskContext } from '#shared/contracts/call.ts';
import { causedBy } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { ApprovalStore, TaskTokens } from '../ports.ts';
import { answerToken } from './answer-token.ts';
import { changeApproval } from './change-approval.ts';

export interface RequestApprovalDeps {
  readonly store: ApprovalStore;
  readonly tokens: TaskTokens;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

/**
 * Opens an approval request for a release and publishes ApprovalRequested. Called again, the newer token waits for the same
 * request; where that is closed already, the token is answered at once.
 */
export async function requestApproval(
  deps: RequestApprovalDeps,
  input: z.output<typeof task.input>,
  { metadata, taskToken }: TaskContext & { readonly taskToken: string },
): Promise<void> {
  const now = deps.clock.now();
  const approval = await changeApproval(deps.store, input.releaseId, (current) => {
    if (current) return { approval: { ...current, taskToken }, events: [] };
    const request = opened(input, now);
    const event = ApprovalRequested.create(
      causedBy(metadata, {
        eventId: deps.ids.next(),
        occurredAt: now,
        actor: { type: 'service', id: 'approvals' },
      }),
      {
        project: request.project,
        approvalId: request.approvalId,
        model: request.model,
        modelVersion: request.modelVersion,
        subjectDigest: request.subjectDigest,
        approvers: request.approvers,
        quorum: request.quorum,
        expiresAt: request.expiresAt,
        requestedBy: request.requestedBy,
      },
    );
    return { approval: { request, taskToken, metadata }, events: [event] };
  });
  if (approval) await answerToken(deps.tokens, approval);
}

function opened(
  { releaseId, subject, policy, requestedBy, metrics, note }: z.output<typeof task.input>,
  now: Date,
): ApprovalRequest {
  return {
    approvalId: releaseId,
    project: subject.project,
    model: subject.model,
    modelVersion: subject.modelVersion,
    subjectDigest: digestOf(subject),
    status: 'pending',
    requestedBy,
    requestedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + policy.expiresAfterSeconds * 1000).toISOString(),
    approvers: policy.approvers,
    quorum: policy.quorum,
    requesterMayApprove: policy.requesterMayApprove,
    metrics,
    ...(note ? { note } : {}),
    decisions: [],
  };
}
