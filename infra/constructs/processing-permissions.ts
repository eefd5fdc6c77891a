import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { BucketPurpose } from '#shared/kernel/names.ts';
import type { PlatformNames } from '../platform.ts';

/** Keys, with `*`, of objects that jobs read and write, by bucket. */
export interface JobObjects {
  readonly read: Partial<Readonly<Record<BucketPurpose, readonly string[]>>>;
  /** Of the data bucket. */
  readonly written: readonly string[];
}

/** What processing jobs do in their role's name: read and write objects, log, and pull their image. */
export function processingStatements(names: PlatformNames, { read, written }: JobObjects): PolicyStatement[] {
  const data = names.bucketArn('data');
  const logGroup = names.arn('logs', 'log-group:/aws/sagemaker/ProcessingJobs');
  const reading = (Object.entries(read) as [BucketPurpose, readonly string[]][]).flatMap(
    ([purpose, keys]) => [
      new PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [names.bucketArn(purpose)],
        conditions: { StringLike: { 's3:prefix': [...keys] } },
      }),
      new PolicyStatement({
        actions: ['s3:GetObject'],
        resources: keys.map((key) => `${names.bucketArn(purpose)}/${key}`),
      }),
    ],
  );
  return [
    ...reading,
    new PolicyStatement({
      actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
      resources: written.map((key) => `${data}/${key}`),
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
