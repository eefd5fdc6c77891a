import type { OpenedApproval, TaskTokens } from '../ports.ts';

/** Tells the execution that waits what was decided; nothing while the request is pending. Again, it does no harm: a token is answered once. */
export async function answerToken(
  tokens: TaskTokens,
  { request, taskToken }: Pick<OpenedApproval, 'request' | 'taskToken'>,
): Promise<void> {
  const { status, decisions, expiresAt } = request;
  const last = decisions.at(-1);
  switch (status) {
    case 'pending':
      return;
    case 'approved':
      return tokens.succeed(taskToken, {
        decision: 'approved',
        decidedBy: decisions.map(({ by }) => by),
        comment: last?.comment ?? '',
      });
    case 'rejected':
      return tokens.fail(taskToken, 'ApprovalRejected', `Rejected by ${last?.by}: ${last?.comment}`);
    case 'expired':
      return tokens.fail(taskToken, 'ApprovalExpired', `Nobody decided by ${expiresAt}.`);
  }
}
