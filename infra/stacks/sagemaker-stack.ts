import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acceptRisk } from '../constructs/accepted-risk.ts';
import { sagemakerKeyStatements } from '../constructs/sagemaker-key.ts';
import { managedImagesArn, type PlatformNames } from '../platform.ts';
import { PlatformStack } from './platform-stack.ts';

/** The role that SageMaker takes on for training jobs, transform jobs, models and endpoints of the stage. */
export class SagemakerStack extends PlatformStack {
  constructor(scope: Construct, names: PlatformNames) {
    super(scope, names, 'sagemaker', 'the role of jobs and endpoints');
    const role = new Role(this, 'ExecutionRole', {
      roleName: names.sagemakerRoleName,
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
      description: 'What training jobs, transform jobs and endpoints may do.',
    });
    for (const statement of [...statements(names), ...sagemakerKeyStatements(names)])
      role.addToPrincipalPolicy(statement);
    acceptRisk(
      role.node.findChild('DefaultPolicy'),
      'AwsSolutions-IAM5',
      'Keys of objects and names of jobs are made at run time; an ECR login, CloudWatch metrics and the log streams of jobs name no narrower resource.',
    );
  }
}

function statements(names: PlatformNames): PolicyStatement[] {
  const data = names.bucketArn('data');
  const models = names.bucketArn('models');
  return [
    new PolicyStatement({ actions: ['s3:ListBucket'], resources: [data, models] }),
    new PolicyStatement({ actions: ['s3:GetObject'], resources: [`${data}/*`, `${models}/*`] }),
    // Model artifacts, and what transform jobs answer.
    new PolicyStatement({
      actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
      resources: [`${models}/training/*`, `${data}/transform/*`],
    }),
    new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
    new PolicyStatement({
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      resources: [managedImagesArn(names)],
    }),
    new PolicyStatement({
      actions: [
        'logs:CreateLogGroup',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        'logs:DescribeLogStreams',
      ],
      resources: [names.arn('logs', 'log-group:/aws/sagemaker/*')],
    }),
    new PolicyStatement({
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: {
        StringEquals: {
          'cloudwatch:namespace': [
            '/aws/sagemaker/TrainingJobs',
            '/aws/sagemaker/TransformJobs',
            '/aws/sagemaker/Endpoints',
          ],
        },
      },
    }),
  ];
}
