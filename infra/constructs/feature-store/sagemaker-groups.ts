import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { resourcePrefix } from '#shared/kernel/names.ts';
import type { PlatformNames } from '../../platform.ts';
import { acceptRisk } from '../accepted-risk.ts';
import type { ServiceFunction } from '../service-function.ts';
import type { ServiceStack } from '../service-stack.ts';

/** Where SageMaker writes what feature groups are sent, in the data bucket. */
const offlinePrefix = 'feature-store/sagemaker/';

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
    this.#useKey(
      fn,
      'kms:CreateGrant',
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:GenerateDataKey',
      'kms:RetireGrant',
    );
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
        [this.#groupArn],
      )
      .allow(['iam:PassRole'], [featureGroupRoleArn], {
        conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
      });
  }

  /** Lets a function read records, and nothing else. */
  allowReading(fn: ServiceFunction): ServiceFunction {
    this.#useKey(fn, 'kms:Decrypt');
    return fn.allow(['sagemaker:BatchGetRecord'], [this.#groupArn]);
  }

  get #groupArn(): string {
    return this.#platform.arn('sagemaker', `feature-group/${resourcePrefix(this.#platform.stage)}-*`);
  }

  /** What SageMaker does with the stage's key, it does in the caller's name. */
  #useKey(fn: ServiceFunction, ...actions: string[]): void {
    const { encryptionKeyArn } = this.#platform.config;
    if (!encryptionKeyArn) return;
    const region = encryptionKeyArn.split(':')[3];
    fn.allow(actions, [encryptionKeyArn], {
      conditions: { StringEquals: { 'kms:ViaService': `sagemaker.${region}.amazonaws.com` } },
    });
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
        resources: [`${data}/${offlinePrefix}*`],
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
