import {
  AwsError,
  type Principal,
  type RequiredPermission,
  type RuntimeContext,
} from '../emulated-service.ts';
import {
  type CompiledStatement,
  compilePolicy,
  evaluateResourcePolicy,
  policyContext,
} from '../iam/policy.ts';

/** The policies of queues and topics, by ARN. They come with the template at every start. */
export class ResourcePolicies {
  readonly #context: RuntimeContext;
  readonly #statements = new Map<string, readonly CompiledStatement[]>();

  constructor(context: RuntimeContext) {
    this.#context = context;
  }

  /** Throws UnsupportedResource for a policy that would not be decided as AWS decides it. */
  set(arn: string, document: unknown, type: string): void {
    this.#statements.set(arn, compilePolicy(arn, document, type));
  }

  remove(arn: string): void {
    this.#statements.delete(arn);
  }

  has(arn: string): boolean {
    return this.#statements.has(arn);
  }

  /** Throws AccessDenied unless the policy, or the caller's own role, allows; a deny of the policy wins. */
  demand(principal: Principal, permission: RequiredPermission): void {
    const effect = this.#decide(principal, permission);
    if (effect === 'explicitDeny')
      throw denied(principal, permission, 'with an explicit deny in a resource-based policy');
    if (effect === 'allow') return;
    if (principal.kind === 'service') {
      throw denied(
        principal,
        permission,
        `because no resource-based policy allows the ${permission.action} action`,
      );
    }
    this.#context.iam.demand(principal, [permission]);
  }

  /** Throws AccessDenied for what a policy denies; for callers whose role was asked already. */
  demandNotDenied(principal: Principal, permissions: readonly RequiredPermission[]): void {
    for (const permission of permissions) {
      if (this.#decide(principal, permission) === 'explicitDeny') {
        throw denied(principal, permission, 'with an explicit deny in a resource-based policy');
      }
    }
  }

  #decide(principal: Principal, permission: RequiredPermission): 'allow' | 'explicitDeny' | 'implicitDeny' {
    const statements = this.#statements.get(permission.resource);
    if (statements === undefined) return 'implicitDeny';
    const { region, accountId } = this.#context;
    const keys = policyContext(principal, region, accountId, permission.context);
    return evaluateResourcePolicy(statements, principal, permission, keys).effect;
  }
}

function denied(principal: Principal, { action, resource }: RequiredPermission, why: string): AwsError {
  const who = principal.kind === 'service' ? principal.service : principal.arn;
  return new AwsError(
    'AccessDenied',
    `User: ${who} is not authorized to perform: ${action} on resource: ${resource} ${why}`,
    403,
  );
}
