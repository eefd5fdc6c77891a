import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

interface AcceptedRule {
  readonly id: string;
  readonly reason: string;
}

/**
 * Accepts a finding of cdk-nag on a resource, with the reason, which stands in the template's metadata where cdk-nag reads it.
 * `construct` is the resource or the construct around exactly one.
 */
export function acceptRisk(construct: IConstruct, rule: string, reason: string): void {
  const resource = CfnResource.isCfnResource(construct) ? construct : construct.node.defaultChild;
  if (!CfnResource.isCfnResource(resource)) throw new Error(`${construct.node.path} is no single resource.`);
  const metadata = resource.getMetadata('cdk_nag') as { rules_to_suppress: AcceptedRule[] } | undefined;
  const others = (metadata?.rules_to_suppress ?? []).filter(({ id }) => id !== rule);
  const before = metadata?.rules_to_suppress.find(({ id }) => id === rule);
  const joined = before && !before.reason.includes(reason) ? `${before.reason} ${reason}` : reason;
  resource.addMetadata('cdk_nag', { rules_to_suppress: [...others, { id: rule, reason: joined }] });
}
