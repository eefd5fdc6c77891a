import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { featureGroupHistoryPrefix } from '#services/feature-store/contract.ts';
import { resourcePrefix } from '#shared/kernel/names.ts';
import type { PlatformNames } from '../../platform.ts';
import { acceptRisk } from '../accepted-risk.ts';
import type { ServiceFunction } from '../service-function.ts';
import type { ServiceStack } from '../service-stack.ts';

/** SageMaker's feature groups, which keep the online values of views that ask for it: their role, and which functions may use them. */
export class SagemakerGroups extends Construct {
  readonly #platform: PlatformNames;

  constructor(stack: ServiceStack) {
    super(stack, 'FeatureGroups');
    this.#platform = stack.platform;
    this.#role();
  }

  /** Lets a function create groups, and write, compare and delete their records; tells it the groups' role and the stage's key. */
  allowWriting(fn: ServiceFunction): ServiceFunction {
    const { config, featureGroupRoleArn } = this.#platform;
    fn.addEnvironment('FEATURE_GROUP_ROLE_ARN', featureGroupRoleArn);
    if (config.encryptionKeyArn) fn.addEnvironment('ENCRYPTION_KEY_ARN', config.encryptionKeyArn);
    useKey(config, fn, [
      'kms:CreateGrant',
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:GenerateDataKey',
      'kms:RetireGrant',
    ]);
    return fn
      .allow(
        [
          'sagemaker:AddTags',
          'sagemaker:BatchGetRecord',
          'sagemaker:CreateFeatureGroup',
          'sagemaker:DeleteRecord',
          'sagemaker:DescribeFeatureGroup',
          'sagemaker:PutRecord',
        ],
        [groupArn(this.#platform)],
      )
      .allow(['iam:PassRole'], [featureGroupRoleArn], {
        conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
      });
  }

  /** Lets a function delete records, and see which there are. */
  allowDeleting(fn: ServiceFunction): ServiceFunction {
    useKey(this.#platform.config, fn, ['kms:Decrypt', 'kms:GenerateDataKey']);
    return fn.allow(['sagemaker:BatchGetRecord', 'sagemaker:DeleteRecord'], [groupArn(this.#platform)]);
  }

  #role(): void {
    const names = this.#platform;
    const role = new Role(this, 'Role', {
      roleName: names.featureGroupRoleName,
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
      description: 'What SageMaker may do with what feature groups are sent.',
    });
    const data = names.bucketArn('data');
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['s3:PutObject', 's3:PutObjectAcl'],
        resources: [`${data}/${featureGroupHistoryPrefix}*`],
      }),
    );
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['s3:GetBucketAcl'], resources: [data] }));
    acceptRisk(
      role.node.findChild('DefaultPolicy'),
      'AwsSolutions-IAM5',
      'Keys of objects are made at run time.',
    );
  }
}

/** Lets a function of any service read records, and nothing else. */
export function allowReadingGroups({ platform }: ServiceStack, fn: ServiceFunction): ServiceFunction {
  useKey(platform.config, fn, ['kms:Decrypt']);
  return fn.allow(['sagemaker:BatchGetRecord'], [groupArn(platform)]);
}

const groupArn = (platform: PlatformNames): string =>
  platform.arn('sagemaker', `feature-group/${resourcePrefix(platform.stage)}-*`);

/** What SageMaker does with the stage's key, it does in the caller's name. */
function useKey(
  { encryptionKeyArn }: PlatformNames['config'],
  fn: ServiceFunction,
  actions: readonly string[],
): void {
  if (!encryptionKeyArn) return;
  const region = encryptionKeyArn.split(':')[3];
  fn.allow(actions, [encryptionKeyArn], {
    conditions: { StringEquals: { 'kms:ViaService': `sagemaker.${region}.amazonaws.com` } },
  });
}
