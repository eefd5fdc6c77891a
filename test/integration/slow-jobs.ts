import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateModelCommand,
  CreateTrainingJobCommand,
  CreateTransformJobCommand,
} from '@aws-sdk/client-sagemaker';
import {
  labelledCsv,
  trainingJobRequest,
  XGBOOST_IMAGE,
} from '../../scripts/local/sagemaker/testing/requests.ts';
import type { Operator } from './operator.ts';
import type { RunningPlatform } from './running-platform.ts';

const RoleArn = 'arn:aws:iam::000000000000:role/millrace-local-us-east-1-sagemaker-execution';

/** Starts a transform job that does not end by itself: the laptop runs two jobs at a time, and two that train for long came before. */
export async function startTransformJob(
  platform: RunningPlatform,
  { sagemaker }: Operator,
  name: string,
): Promise<void> {
  const { awsUrl: endpoint, region, credentials, buckets } = platform.runtime.endpoints;
  const input = `s3://${buckets['data']}/slow/rows.csv`;
  await new S3Client({ endpoint, region, credentials, forcePathStyle: true }).send(
    new PutObjectCommand({ Bucket: buckets['data'], Key: 'slow/rows.csv', Body: labelledCsv(2000) }),
  );
  for (const job of ['slow-1', 'slow-2']) {
    const request = trainingJobRequest(`millrace-local-${job}`);
    const channel = (ChannelName: string) => ({
      ChannelName,
      ContentType: 'text/csv',
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix' as const, S3Uri: input } },
    });
    await sagemaker.send(
      new CreateTrainingJobCommand({
        ...request,
        RoleArn,
        HyperParameters: { ...request.HyperParameters, num_round: '100000' },
        InputDataConfig: [channel('train'), channel('validation')],
        OutputDataConfig: { S3OutputPath: `s3://${buckets['models']}/slow` },
      }),
    );
  }
  await sagemaker.send(
    new CreateModelCommand({
      ModelName: name,
      ExecutionRoleArn: RoleArn,
      PrimaryContainer: {
        Image: XGBOOST_IMAGE,
        ModelDataUrl: `s3://${buckets['models']}/slow/model.tar.gz`,
      },
    }),
  );
  await sagemaker.send(
    new CreateTransformJobCommand({
      TransformJobName: name,
      ModelName: name,
      TransformInput: {
        ContentType: 'text/csv',
        SplitType: 'Line',
        DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: input } },
      },
      TransformOutput: { S3OutputPath: `s3://${buckets['data']}/slow/out`, AssembleWith: 'Line' },
      TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
    }),
  );
}
