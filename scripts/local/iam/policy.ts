import type { Principal, RequiredPermission } from '../emulated-service.ts';
import type { PolicyContext } from './pattern.ts';
import type { CompiledStatement } from './policy-document.ts';

export { type CompiledStatement, compilePolicy } from './policy-document.ts';

/** The outcome of one question, and the statement that decided it (none for an implicit deny). */
export type Decision =
  | { readonly effect: 'allow'; readonly statement: CompiledStatement }
  | { readonly effect: 'explicitDeny'; readonly statement: CompiledStatement }
  | { readonly effect: 'implicitDeny' };

/**
 * Decides one action on one resource by a set of statements: an explicit deny wins, else one allow suffices
 * (IAM user guide, "Policy evaluation logic").
 */
export function evaluate(
  statements: readonly CompiledStatement[],
  permission: RequiredPermission,
  context: PolicyContext,
  applies: (statement: CompiledStatement) => boolean = () => true,
): Decision {
  const action = permission.action.toLowerCase();
  let allow: CompiledStatement | undefined;
  for (const statement of statements) {
    if (!applies(statement) || !matches(statement, action, permission.resource, context)) continue;
    if (statement.effect === 'Deny') return { effect: 'explicitDeny', statement };
    allow ??= statement;
  }
  return allow === undefined ? { effect: 'implicitDeny' } : { effect: 'allow', statement: allow };
}

/** The same for a resource policy (queue, topic, bucket, bus) or a trust policy: only statements that speak of `principal` count. */
export function evaluateResourcePolicy(
  statements: readonly CompiledStatement[],
  principal: Principal,
  permission: RequiredPermission,
  context: PolicyContext,
): Decision {
  return evaluate(statements, permission, context, (statement) => speaksOf(statement, principal));
}

function matches(
  statement: CompiledStatement,
  action: string,
  resource: string,
  context: PolicyContext,
): boolean {
  const actionMatches = statement.actions.some((pattern) => pattern.matches(action, context));
  if (actionMatches === statement.notActions) return false;
  const resourceMatches = statement.resources.some((pattern) => pattern.matches(resource, context));
  if (resourceMatches === statement.notResources) return false;
  return statement.conditions.every((condition) => condition(context));
}

function speaksOf(statement: CompiledStatement, principal: Principal): boolean {
  const whom = statement.principals;
  if (whom === undefined) return false;
  if (whom.anyone) return true;
  if (principal.kind === 'service') return whom.services.includes(principal.service);
  const arns = principal.kind === 'role' ? [principal.roleArn, principal.arn] : [principal.arn];
  const account = principal.arn.split(':')[4] ?? '';
  const names = [...arns, account, `arn:aws:iam::${account}:root`];
  return whom.aws.some((pattern) => names.includes(pattern.source));
}

/**
 * The condition keys of a request. Loopback HTTP stands in for TLS: aws:SecureTransport is true, since the deny of plain HTTP that CDK
 * puts on buckets and queues protects a network that the laptop runtime does not cross.
 */
export function policyContext(
  principal: Principal,
  region: string,
  accountId: string,
  further: Readonly<Record<string, string>> = {},
): PolicyContext {
  const context = new Map<string, string>([
    ['aws:securetransport', 'true'],
    ['aws:requestedregion', region],
    ['aws:resourceaccount', accountId],
  ]);
  if (principal.kind === 'service') {
    context.set('aws:principalisawsservice', 'true');
    if (principal.sourceArn !== undefined) {
      context.set('aws:sourcearn', principal.sourceArn);
      context.set('aws:sourceaccount', principal.sourceArn.split(':')[4] || accountId);
    }
  } else {
    context.set('aws:principalisawsservice', 'false');
    context.set('aws:principalarn', principal.kind === 'role' ? principal.roleArn : principal.arn);
    context.set('aws:principalaccount', accountId);
  }
  for (const [key, value] of Object.entries(further)) context.set(key.toLowerCase(), value);
  return context;
}
