import { ApprovalDecided } from '#events/approvals.ts';
import { createTaskTokens } from '#shared/aws/task-tokens.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { answerToken } from '../use-cases/answer-token.ts';
import { approvalDeps } from './approvals.ts';

const { store } = approvalDeps();
const tokens = createTaskTokens();

/** Answers by what is recorded now, with the newest token: a redelivered event answers the same or nobody. */
export const handler = eventHandler(ApprovalDecided, async ({ detail }) => {
  const approval = await store.read(detail.data.approvalId);
  if (approval) await answerToken(tokens, approval);
});
