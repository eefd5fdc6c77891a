import type { ApprovalRequest } from '#services/approvals/contract.ts';
import type { DomainEvent, EventMetadata } from '#shared/contracts/event.ts';

/** A request with what never leaves the table: who waits for it, and what it follows from. */
export interface OpenedApproval {
  readonly request: ApprovalRequest;
  readonly taskToken: string;
  /** Metadata of the execution’s first fact: what ApprovalDecided follows from. */
  readonly metadata: EventMetadata;
  /** Grows with every change; a change names the one that it read. */
  readonly revision: number;
}

/** Where a request stands in the list of all. */
export type ListPosition = Pick<ApprovalRequest, 'approvalId' | 'requestedAt'>;

export interface ApprovalStore {
  read(approvalId: string): Promise<OpenedApproval | undefined>;
  /** Throws ApprovalChanged (conflict) unless the stored revision is the one before the given; revision 1 must not exist. */
  save(approval: OpenedApproval, events: readonly DomainEvent[]): Promise<void>;
  /** Requests of all projects, newest first: the first ones, or those behind one. */
  list(after: ListPosition | undefined): Promise<{ items: readonly ApprovalRequest[]; hasMore: boolean }>;
}

/** Answers executions that wait. A token that nobody waits for any more is no error. */
export interface TaskTokens {
  succeed(taskToken: string, output: unknown): Promise<void>;
  fail(taskToken: string, code: string, cause: string): Promise<void>;
}
