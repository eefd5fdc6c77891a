import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { environment } from '../env.ts';
import { createApprovalStore } from '../store/approval-store.ts';
import type { DecideApprovalDeps } from '../use-cases/decide-approval.ts';

/** What the functions of approvals have in common. */
export function approvalDeps(): DecideApprovalDeps {
  const { TABLE_NAME } = readEnvironment(environment);
  return {
    store: createApprovalStore(createTable(documentClient(), TABLE_NAME)),
    clock: systemClock,
    ids: ulidGenerator,
  };
}
