import type { EndpointDefinition, Role } from '#shared/contracts/endpoint.ts';
import type { Caller, Grant } from './callers.ts';

/** How the platform took a request. `broken` is its own failure. */
export type Verdict = 'not let in' | 'refused' | 'answered' | 'broken';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Roles that are enough where one is asked for: written out once more, so that a slip in the platform's own table shows. */
export const enough: Readonly<Record<Role, readonly Role[]>> = {
  client: ['client', 'scientist', 'approver', 'admin'],
  viewer: ['viewer', 'scientist', 'approver', 'admin'],
  scientist: ['scientist', 'approver', 'admin'],
  approver: ['approver', 'admin'],
  admin: ['admin'],
};

/** Operations that decide what serves and what is trained on: more than what the policy below asks of other changes. */
const decisions = ['decideApproval', 'rollBackDeployment', 'releaseQuarantine', 'decideContractSuggestion'];
/** Operations that show single rows: more than looking at figures. */
const showingRows = ['listQuarantine'];
/** Operations that change nothing, whatever their method says. */
const previews = ['previewContract'];

/** Operations of applications, as predictions are: values of entities, and records of streams. */
const ofApplications = ['getOnlineFeatures', 'sendFeatureRecords'];

/** Operations that hand out whole files of rows: more than looking at figures. */
const handingOutFiles = ['listCheckedFiles', 'listDatasetFiles', 'readHistoricalFeatures'];

/** The role that an operation must ask for, by what it does: the policy of docs/guide/security.md. */
export function roleByPolicy({ api, method, path, operationId }: EndpointDefinition): Role | 'authenticated' {
  if (path === '/v1/me') return 'authenticated';
  if (path.startsWith('/v1/tokens') || /[/-]erasures/.test(path)) return 'admin';
  if (api === 'prediction' || ofApplications.includes(operationId)) return 'client';
  if (showingRows.includes(operationId)) return 'scientist';
  if (previews.includes(operationId)) return 'viewer';
  if (method === 'GET') return handingOutFiles.includes(operationId) ? 'scientist' : 'viewer';
  return decisions.includes(operationId) ? 'approver' : 'scientist';
}

/** What a caller must be answered who asks for something of `project`. */
export function expectedVerdict(
  { role, scope }: EndpointDefinition,
  project: string,
  { grants }: Caller,
): Verdict {
  if (!grants) return 'not let in';
  if (role === 'authenticated') return 'answered';
  const counts = (grant: Grant) =>
    grant.project === '*' || (scope !== 'platform' && grant.project === project);
  return grants.some((grant) => counts(grant) && enough[role].includes(grant.role)) ? 'answered' : 'refused';
}

/**
 * What an answer amounts to for who asks for something of `project`. API Gateway itself answers whoever is not let in, before any code of
 * a service. Things without a project in their path are not found, and in no list, for a caller without a role in their project.
 */
export function verdictOf({ scope }: EndpointDefinition, project: string, { status, text }: Answer): Verdict {
  const body = JSON.parse(text) as {
    code?: string;
    message?: string;
    items?: readonly { project?: string }[];
  };
  if (status >= 500) return 'broken';
  if ([401, 403].includes(status) && body.code === undefined)
    return /^(Unauthorized|Forbidden)$/.test(body.message ?? '') ? 'not let in' : 'broken';
  if (status === 401 || status === 429) return 'broken';
  if (status === 403) return 'refused';
  const isListed = body.items?.some((item) => item.project === project) ?? true;
  if (scope === 'resource' && (status === 404 || !isListed)) return 'refused';
  return 'answered';
}
