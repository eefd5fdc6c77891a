import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { PlatformNames } from '../platform.ts';

/** What processing jobs do in their role's name: read versions, plans and what was validated before, write what validation owns, log. */
export function processingStatements(names: PlatformNames): PolicyStatement[] {
  const data = names.bucketArn('data');
  const logGroup = names.arn('logs', 'log-group:/aws/sagemaker/ProcessingJobs');
  // Plans, manifests, and rows of other versions that a job compares with are below validation's own prefix.
  const read = ['datasets/*', 'validation/*'];
  return [
    new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [data],
      conditions: { StringLike: { 's3:prefix': read } },
    }),
    new PolicyStatement({ actions: ['s3:GetObject'], resources: read.map((keys) => `${data}/${keys}`) }),
    new PolicyStatement({
      actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
      resources: [`${data}/validation/*`],
    }),
    new PolicyStatement({
      actions: ['logs:CreateLogGroup', 'logs:DescribeLogStreams'],
      resources: [logGroup, `${logGroup}:*`],
    }),
    new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [`${logGroup}:log-stream:*`],
    }),
    new PolicyStatement({
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': '/aws/sagemaker/ProcessingJobs' } },
    }),
    ...pullStatements(names),
  ];
}

/** The one image that the stage names may be pulled, from the account and region that hold it. */
function pullStatements({ config, partition }: PlatformNames): PolicyStatement[] {
  const [, account, region, repository] =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/.exec(
      config.processingImage ?? '',
    ) ?? [];
  if (repository === undefined) return [];
  return [
    new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
    new PolicyStatement({
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      resources: [`arn:${partition}:ecr:${region}:${account}:repository/${repository}`],
    }),
  ];
}
