import { decideApproval, listApprovals, readApproval } from '#services/approvals/contract.ts';
import { figure, table } from '../output.ts';
import type { CommandContext } from './context.ts';

export async function approvals(
  { client, output }: CommandContext,
  options: { all: boolean },
): Promise<void> {
  const { items } = await client.call(listApprovals, {
    params: {},
    query: options.all ? {} : { status: 'pending' },
  });
  output.result(items, () =>
    items.length === 0
      ? 'Nothing waits for approval.'
      : table(
          ['request', 'project', 'version', 'status', 'requested by', 'expires', 'metrics'],
          items.map((item) => [
            item.approvalId,
            item.project,
            item.modelVersion,
            item.status,
            item.requestedBy,
            item.expiresAt,
            metricsText(item.metrics),
          ]),
        ),
  );
}

const metricsText = (metrics: Readonly<Record<string, number>>): string =>
  Object.entries(metrics)
    .map(([name, value]) => `${name} ${figure(value)}`)
    .join(', ');

/** Decides on exactly what was read: the digest goes with the decision, so that nothing else is approved by mistake. */
export async function decide(
  { client, output }: CommandContext,
  approvalId: string,
  decision: 'approved' | 'rejected',
  comment: string,
): Promise<void> {
  const { subjectDigest } = await client.call(readApproval, { params: { approvalId } });
  const request = await client.call(decideApproval, {
    params: { approvalId },
    body: { decision, comment, subjectDigest },
  });
  output.result(request, () =>
    request.status === 'pending'
      ? `Recorded. ${request.decisions.length} of ${request.quorum} approvals are in.`
      : `Version ${request.modelVersion} of ${request.model} is ${request.status}. \`npx millrace status ${request.project} --watch\` shows what follows.`,
  );
}
