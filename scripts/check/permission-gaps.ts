import * as z from 'zod';

/** What the laptop runtime writes about roles (`iam/roles.json`, `iam/decisions.jsonl`), and the exceptions kept beside this file. */
export const permissionInputs = {
  roles: z.array(
    z.object({
      role: z.string(),
      statements: z.array(
        z.object({
          statement: z.string(),
          effect: z.enum(['Allow', 'Deny']),
          actions: z.array(z.string()),
          resources: z.array(z.string()),
        }),
      ),
    }),
  ),
  decision: z.object({
    role: z.string(),
    action: z.string(),
    /** Of an allowed call the pattern of the statement that matched. */
    resource: z.string(),
    outcome: z.enum(['allow', 'explicitDeny', 'implicitDeny']),
    statement: z.string().optional(),
  }),
  /** Patterns (`*` for any text) over role names and actions, each with the reason why the finding is right as it is. */
  exceptions: z.array(
    z.strictObject({
      kind: z.enum(['unused', 'missing']),
      role: z.string(),
      action: z.string(),
      reason: z.string().min(20),
      /** The finding comes at certain moments only, which no run can bring about or keep away. */
      occasional: z.literal(true).optional(),
    }),
  ),
};

type Role = z.infer<(typeof permissionInputs)['roles']>[number];
type Decision = z.infer<(typeof permissionInputs)['decision']>;
export type Exception = z.infer<(typeof permissionInputs)['exceptions']>[number];

/** What one run of the runtime left. */
export interface Run {
  readonly roles: readonly Role[];
  readonly decisions: readonly Decision[];
}

/**
 * A permission that no run used (an action of a statement, or a resource of a statement whose actions were used on others only), or a
 * call that a role made and was not allowed.
 */
export interface Finding {
  readonly kind: 'unused' | 'missing';
  readonly role: string;
  /** Of an unused resource all actions of the statement. */
  readonly action: string;
  /** The statement that grants it; only of unused ones. */
  readonly statement?: string;
  /** What was asked for, or what nobody asked for though the actions were used. */
  readonly resource?: string;
  /** The reason from the exceptions, if one covers it. */
  readonly justification?: string;
}

/**
 * Takes all runs together: an action of a statement counts as used when any run was allowed something by it. Role names are compared
 * without account and path, so that runs of different data folders meet.
 */
export function findPermissionGaps(
  runs: readonly Run[],
  exceptions: readonly Exception[],
): readonly Finding[] {
  const decisions = runs.flatMap((run) => run.decisions);
  const findings = [...unused(runs, decisions), ...missing(decisions)];
  const unique = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  return [...unique.values()]
    .map((finding) => justify(finding, exceptions))
    .sort(
      (a, b) =>
        a.role.localeCompare(b.role) || a.kind.localeCompare(b.kind) || a.action.localeCompare(b.action),
    );
}

/** The exceptions that cover no finding: what they excused is gone or used by now. Occasional ones may cover none. */
export function staleExceptions(
  findings: readonly Finding[],
  exceptions: readonly Exception[],
): readonly Exception[] {
  return exceptions.filter(
    (exception) => !exception.occasional && !findings.some((finding) => excuses(exception, finding)),
  );
}

function unused(runs: readonly Run[], decisions: readonly Decision[]): Finding[] {
  const used = decisions.filter((decision) => decision.outcome === 'allow');
  return runs.flatMap((run) =>
    run.roles.flatMap(({ role, statements }) =>
      statements
        .filter(({ effect }) => effect === 'Allow')
        .flatMap((statement) => {
          const uses = used.filter((one) => one.role === role && one.statement === statement.statement);
          return unusedParts(statement, uses).map((part) => ({
            kind: 'unused' as const,
            role: nameOf(role),
            statement: statement.statement,
            ...part,
          }));
        }),
    ),
  );
}

function unusedParts(
  { actions, resources }: Role['statements'][number],
  uses: readonly Decision[],
): Pick<Finding, 'action' | 'resource'>[] {
  const idle = actions.filter((action) => !uses.some((one) => covers(action, one.action)));
  if (idle.length === actions.length) return idle.map((action) => ({ action }));
  const untouched = resources.filter((resource) => !uses.some((one) => one.resource === resource));
  return [
    ...idle.map((action) => ({ action })),
    ...untouched.map((resource) => ({ action: actions.join(', '), resource })),
  ];
}

function missing(decisions: readonly Decision[]): Finding[] {
  return decisions
    .filter((decision) => decision.outcome !== 'allow')
    .map(
      ({ role, action, resource }): Finding => ({ kind: 'missing', role: nameOf(role), action, resource }),
    );
}

function justify(finding: Finding, exceptions: readonly Exception[]): Finding {
  const exception = exceptions.find((one) => excuses(one, finding));
  return exception === undefined ? finding : { ...finding, justification: exception.reason };
}

const excuses = (exception: Exception, { kind, role, action }: Finding): boolean =>
  exception.kind === kind && covers(exception.role, role) && covers(exception.action, action);

const nameOf = (roleArn: string): string => roleArn.slice(roleArn.lastIndexOf('/') + 1);

/** Whether an action or role pattern covers a name; IAM compares actions without case. */
function covers(pattern: string, name: string): boolean {
  const expression = pattern.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${expression}$`, 'i').test(name);
}
