import { Alias, CfnPermission, type IVersion } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { liveAliasName } from '../platform.ts';
import { shiftByCanary } from './function-canary.ts';
import type { ServiceFunction } from './service-function.ts';
import type { ServiceStack } from './service-stack.ts';

/**
 * The alias by which the APIs call a function: it points to a published version, so that code under deployment serves nobody
 * until the alias moves. Made when first asked for. The version's logical id follows from code and configuration: an
 * unchanged function publishes nothing.
 */
export function liveAlias(stack: ServiceStack, target: ServiceFunction): Alias {
  const id = 'Live';
  const existing = target.node.tryFindChild(id);
  if (existing) return existing as Alias;
  const alias = new Alias(target, id, {
    aliasName: liveAliasName,
    description: 'What the APIs call',
    version: target.function.currentVersion as IVersion,
  });
  shiftByCanary(stack, target, alias);
  return alias;
}

/** Lets API Gateway call a function by its alias, for what `sourceArn` names. */
export function permitApi(scope: Construct, id: string, live: Alias, sourceArn: string): void {
  new CfnPermission(scope, id, {
    action: 'lambda:InvokeFunction',
    functionName: live.functionArn,
    principal: 'apigateway.amazonaws.com',
    sourceArn,
  });
}
