import type { DomainEvent } from '#shared/contracts/event.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { ApprovalStore, OpenedApproval } from '../ports.ts';

/** People seldom decide in the same instant; more than a few in a row do not. */
const maxAttempts = 5;

/** A changed approval with the facts to tell of it; undefined where nothing is to change. */
export type Change =
  | { readonly approval: Omit<OpenedApproval, 'revision'>; readonly events: readonly DomainEvent[] }
  | undefined;

/** Reads a request, changes it and saves it; when somebody else changed it meanwhile, again. Throws what `change` throws. */
export async function changeApproval(
  store: ApprovalStore,
  approvalId: string,
  change: (current: OpenedApproval | undefined) => Change,
): Promise<OpenedApproval | undefined> {
  for (let attempt = 1; ; attempt++) {
    const current = await store.read(approvalId);
    const changed = change(current);
    if (!changed) return current;
    const approval = { ...changed.approval, revision: (current?.revision ?? 0) + 1 };
    try {
      await store.save(approval, changed.events);
      return approval;
    } catch (error) {
      const collided = error instanceof AppError && error.code === 'ApprovalChanged';
      if (!collided || attempt === maxAttempts) throw error;
    }
  }
}

export const approvalNotFound = (approvalId: string): AppError =>
  new AppError(
    'not_found',
    'ApprovalNotFound',
    `There is no approval request '${approvalId}' that you may see. List approvals to see which there are.`,
  );
