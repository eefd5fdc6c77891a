import type { MlflowRoute } from '#shared/mlflow/route.ts';
import type { Caller } from './callers.ts';
import type { MlflowQuestion } from './mlflow-question.ts';
import type { MlflowThings } from './mlflow-things.ts';
import { type Answer, enough, type Verdict } from './verdicts.ts';

/** Operations that only read, by the method or by what they are called. */
const reading = /^(get|batchGet|list|search|query|calculate|download|createPresignedDownloadUrl|serverInfo)/i;

/** Webhooks belong to no project. */
const isOfNoProject = (name: string): boolean => name.startsWith('WebhookService.');

/** The role that a route must ask for, by what it does: the policy of docs/guide/security.md. */
export function mlflowRoleByPolicy({ name }: MlflowRoute): MlflowRoute['role'] {
  if (['health', 'version'].includes(name)) return 'public';
  const operation = name.replace(/^\w+\./, '');
  if (['serverInfo', 'getOnlineScoringConfigs'].includes(operation)) return 'authenticated';
  if (isOfNoProject(name) || operation.startsWith('purge')) return 'admin';
  return reading.test(operation) ? 'viewer' : 'scientist';
}

/** What a caller must be answered who asks for something of `project`. */
export function expectedMlflowVerdict(
  { name, role }: MlflowRoute,
  project: string,
  { grants }: Caller,
): Verdict {
  if (role === 'public') return 'answered';
  if (!grants) return 'not let in';
  if (role === 'authenticated') return 'answered';
  const projects = isOfNoProject(name) ? ['*'] : [project, '*'];
  const counts = grants.filter((grant) => projects.includes(grant.project));
  return counts.some((grant) => enough[role].includes(grant.role)) ? 'answered' : 'refused';
}

/** What an answer amounts to for who asks for `things`. Refusals are said as if there were nothing, or by name where the caller sees it. */
export function mlflowVerdictOf(question: MlflowQuestion, things: MlflowThings, answer: Answer): Verdict {
  const { status, text } = answer;
  if (status < 400) return question.shows && !text.includes(question.shows(things)) ? 'refused' : 'answered';
  const { error_code: code, message = '' } = JSON.parse(text) as { error_code?: string; message?: string };
  if (code === undefined) return [401, 403].includes(status) ? 'not let in' : 'broken';
  if (status < 500 && question.answer?.test(message)) return 'answered';
  const isRefusal = code === 'PERMISSION_DENIED' || code === 'RESOURCE_DOES_NOT_EXIST';
  return isRefusal ? 'refused' : 'broken';
}
