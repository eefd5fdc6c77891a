import { ApprovalExpired } from '#events/approvals.ts';
import { causedBy } from '#shared/contracts/event.ts';
import { expire } from '../domain/decision.ts';
import { approvalNotFound, changeApproval } from './change-approval.ts';
import type { DecideApprovalDeps } from './decide-approval.ts';

/** Closes a request that nobody decided in time and publishes ApprovalExpired; a closed one stays as it is. Throws ApprovalNotFound. */
export async function expireApproval(
  { store, clock, ids }: DecideApprovalDeps,
  approvalId: string,
): Promise<void> {
  await changeApproval(store, approvalId, (current) => {
    if (!current) throw approvalNotFound(approvalId);
    const request = expire(current.request);
    if (request === current.request) return undefined;
    const { project, model, modelVersion, subjectDigest, expiresAt } = request;
    const metadata = causedBy(current.metadata, {
      eventId: ids.next(),
      occurredAt: clock.now(),
      actor: { type: 'service', id: 'approvals' },
    });
    const event = ApprovalExpired.create(metadata, {
      project,
      approvalId,
      model,
      modelVersion,
      subjectDigest,
      expiresAt,
    });
    return { approval: { ...current, request }, events: [event] };
  });
}
