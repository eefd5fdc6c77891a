import {
  AwsError,
  type AwsRequest,
  type RequiredPermission,
  type RuntimeContext,
} from '../emulated-service.ts';
import {
  type CompiledStatement,
  compilePolicy,
  evaluateResourcePolicy,
  policyContext,
} from '../iam/policy.ts';
import type { Bucket } from './bucket.ts';

const policyType = 'AWS::S3::BucketPolicy';

/** Compiled policies by their document, which a bucket keeps until it gets another. */
const compiled = new WeakMap<object, readonly CompiledStatement[]>();

/** Throws UnsupportedResource for a policy that would not be decided as S3 decides it. */
export function checkPolicy(bucketName: string, document: unknown): void {
  compilePolicy(bucketName, document, policyType);
}

/**
 * Throws AccessDenied for what the bucket's policy denies the caller. The person at the keyboard is bound by it like everybody.
 * `aws:SecureTransport` counts as true: plain HTTP on the loopback interface crosses no network.
 */
export function demandNotDenied(
  context: RuntimeContext,
  bucket: Bucket,
  request: AwsRequest,
  permissions: readonly RequiredPermission[],
): void {
  const statements = statementsOf(bucket);
  for (const permission of permissions) {
    const keys = policyContext(request.principal, context.region, context.accountId, permission.context);
    const decision = evaluateResourcePolicy(statements, request.principal, permission, keys);
    if (decision.effect !== 'explicitDeny') continue;
    const who = request.principal.kind === 'service' ? request.principal.service : request.principal.arn;
    throw new AwsError(
      'AccessDenied',
      `User: ${who} is not authorized to perform: ${permission.action} on resource: "${permission.resource}" ` +
        'with an explicit deny in a resource-based policy',
      403,
    );
  }
}

function statementsOf({ name, settings: { policy } }: Bucket): readonly CompiledStatement[] {
  if (typeof policy !== 'object' || policy === null) return [];
  const known = compiled.get(policy) ?? compilePolicy(name, policy, policyType);
  compiled.set(policy, known);
  return known;
}
