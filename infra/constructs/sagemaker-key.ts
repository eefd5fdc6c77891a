import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { PlatformNames } from '../platform.ts';

/**
 * What SageMaker does with a customer-managed key in the role's name: it hands volumes of jobs and endpoints to EBS by grants,
 * and looks at the key before it writes results. What S3 does for it is allowed where every role's use of the key is.
 */
export function sagemakerKeyStatements({ config }: PlatformNames): PolicyStatement[] {
  const keyArn = config.encryptionKeyArn;
  if (keyArn === undefined) return [];
  return [
    new PolicyStatement({ actions: ['kms:DescribeKey', 'kms:Encrypt'], resources: [keyArn] }),
    new PolicyStatement({
      actions: ['kms:CreateGrant'],
      resources: [keyArn],
      conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
  ];
}
