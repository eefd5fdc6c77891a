import type { Role } from 'aws-cdk-lib/aws-iam';
import { Dependable } from 'constructs';

/**
 * Lets what depends on a role wait for the role's policy alone. For the role itself it waits anyway, because it refers to it; CDK
 * would write that down a second time.
 */
export function dependOnPolicyOf(role: Role): void {
  Dependable.implement(role, {
    get dependencyRoots() {
      return [role.node.findChild('DefaultPolicy')];
    },
  });
}
