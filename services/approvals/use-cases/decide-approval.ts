import { ApprovalDecided } from '#events/approvals.ts';
import type { ApprovalRequest } from '#services/approvals/contract.ts';
import { causedBy, type DomainEvent, type EventMetadata } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { decide } from '../domain/decision.ts';
import type { ApprovalStore } from '../ports.ts';
import { approvalNotFound, changeApproval } from './change-approval.ts';

export interface DecideApprovalDeps {
  readonly store: ApprovalStore;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

/** What an identity may do in a project. */
export interface Permissions {
  maySee(project: string): boolean;
  mayApprove(project: string): boolean;
}

export interface DecideApprovalInput {
  readonly approvalId: string;
  readonly by: string;
  readonly permissions: Permissions;
  readonly decision: 'approved' | 'rejected';
  readonly comment: string;
  readonly subjectDigest: string;
}

/**
 * Records a decision. The one that closes the request publishes ApprovalDecided in the same transaction; whoever consumes it
 * answers the execution, so that a decision once recorded always takes effect. Throws ApprovalNotFound and what the domain throws.
 */
export async function decideApproval(
  { store, clock, ids }: DecideApprovalDeps,
  { approvalId, permissions, ...input }: DecideApprovalInput,
): Promise<ApprovalRequest> {
  const now = clock.now();
  const decided = await changeApproval(store, approvalId, (current) => {
    if (!current || !permissions.maySee(current.request.project)) throw approvalNotFound(approvalId);
    const isApprover = permissions.mayApprove(current.request.project);
    const request = decide(current.request, { ...input, isApprover, at: now });
    const events = closing(request, current.metadata, { eventId: ids.next(), occurredAt: now });
    return { approval: { ...current, request }, events };
  });
  if (!decided) throw approvalNotFound(approvalId);
  return decided.request;
}

function closing(
  request: ApprovalRequest,
  cause: EventMetadata,
  own: { eventId: string; occurredAt: Date },
): DomainEvent[] {
  const { status, decisions, project, approvalId, model, modelVersion, subjectDigest } = request;
  const last = decisions.at(-1);
  if ((status !== 'approved' && status !== 'rejected') || !last) return [];
  return [
    ApprovalDecided.create(causedBy(cause, { ...own, actor: { type: 'user', id: last.by } }), {
      project,
      approvalId,
      model,
      modelVersion,
      subjectDigest,
      decision: status,
      decidedBy: status === 'approved' ? decisions.map(({ by }) => by) : [last.by],
      comment: last.comment,
    }),
  ];
}
