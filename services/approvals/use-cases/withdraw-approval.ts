import { ApprovalDecided } from '#events/approvals.ts';
import { causedBy, type EventMetadata } from '#shared/contracts/event.ts';
import { withdraw } from '../domain/decision.ts';
import { changeApproval } from './change-approval.ts';
import type { DecideApprovalDeps } from './decide-approval.ts';

const withdrawnBy = 'deployment';

/**
 * Closes the request of a release that ended before people decided, such as of a version that was quarantined, and publishes
 * ApprovalDecided (rejected). A closed request, or none, stays as it is.
 */
export async function withdrawApproval(
  { store, clock, ids }: DecideApprovalDeps,
  { approvalId, reason }: { approvalId: string; reason: string },
  cause: EventMetadata,
): Promise<void> {
  const now = clock.now();
  await changeApproval(store, approvalId, (current) => {
    if (current?.request.status !== 'pending') return undefined;
    const request = withdraw(current.request, { by: withdrawnBy, reason, at: now });
    const { project, model, modelVersion, subjectDigest } = request;
    const actor = { type: 'service', id: 'approvals' } as const;
    const event = ApprovalDecided.create(causedBy(cause, { eventId: ids.next(), occurredAt: now, actor }), {
      project,
      approvalId,
      model,
      modelVersion,
      subjectDigest,
      decision: 'rejected',
      decidedBy: [withdrawnBy],
      comment: request.decisions.at(-1)?.comment ?? '',
    });
    return { approval: { ...current, request }, events: [event] };
  });
}
