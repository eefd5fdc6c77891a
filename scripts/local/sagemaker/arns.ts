import type { RuntimeContext } from '../emulated-service.ts';

/** What SageMaker keeps under a name, by the word that stands in its ARN. */
export type ResourceKind =
  | 'training-job'
  | 'transform-job'
  | 'processing-job'
  | 'model'
  | 'model-package'
  | 'model-package-group'
  | 'endpoint-config'
  | 'feature-group'
  | 'endpoint';

/** ARN of a resource; SageMaker writes names in lower case there. */
export function resourceArn(
  context: Pick<RuntimeContext, 'region' | 'accountId'>,
  kind: ResourceKind,
  name: string,
): string {
  return `arn:aws:sagemaker:${context.region}:${context.accountId}:${kind}/${name.toLowerCase()}`;
}
