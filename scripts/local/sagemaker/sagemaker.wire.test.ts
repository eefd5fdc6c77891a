import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateTrainingJobCommand,
  CreateTransformJobCommand,
  DeleteEndpointCommand,
  DescribeEndpointCommand,
  DescribeTrainingJobCommand,
  DescribeTransformJobCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { serveServices } from '../testing/serve-one.ts';
import { createSageMaker } from './index.ts';
import { labelledCsv, ROLE_ARN, trainingJobRequest, XGBOOST_IMAGE } from './testing/requests.ts';
import { runtimeDoubles } from './testing/runtime-doubles.ts';

const doubles = runtimeDoubles();
let client: SageMakerClient;
let runtime: SageMakerRuntimeClient;
let close: () => Promise<void>;

beforeAll(async () => {
  const served = await serveServices([createSageMaker], { apis: doubles.apis });
  close = served.close;
  const config = {
    endpoint: served.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  };
  client = new SageMakerClient(config);
  runtime = new SageMakerRuntimeClient(config);
  doubles.objects.set('data/train/part-0.csv', labelledCsv(400));
  doubles.objects.set('data/validation/part-0.csv', labelledCsv(100));
});
afterAll(async () => await close());

const trained = async (name: string) => {
  await client.send(new CreateTrainingJobCommand(trainingJobRequest(name)));
  return await finished(name);
};
const finished = (name: string) =>
  vi.waitFor(
    async () => {
      const job = await client.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
      expect(job.TrainingJobStatus).not.toBe('InProgress');
      expect(job.TrainingJobStatus).not.toBe('Stopping');
      return job;
    },
    { timeout: 20_000, interval: 50 },
  );

describe('SageMaker on the laptop', () => {
  it('trains, hosts, predicts and transforms', async () => {
    const job = await trained('first');
    expect(job).toMatchObject({
      TrainingJobStatus: 'Completed',
      SecondaryStatus: 'Completed',
      ModelArtifacts: { S3ModelArtifacts: 's3://models/jobs/first/output/model.tar.gz' },
    });
    expect(job.SecondaryStatusTransitions?.map(({ Status }) => Status)).toEqual([
      'Starting',
      'Downloading',
      'Training',
      'Uploading',
      'Completed',
    ]);
    expect(job.FinalMetricDataList?.map(({ MetricName }) => MetricName)).toEqual([
      'train:auc',
      'validation:auc',
    ]);

    await client.send(
      new CreateModelCommand({
        ModelName: 'first',
        ExecutionRoleArn: ROLE_ARN,
        PrimaryContainer: { Image: XGBOOST_IMAGE, ModelDataUrl: job.ModelArtifacts?.S3ModelArtifacts },
      }),
    );
    await client.send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: 'first',
        ProductionVariants: [
          {
            VariantName: 'all',
            ModelName: 'first',
            ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 5 },
          },
        ],
      }),
    );
    await client.send(new CreateEndpointCommand({ EndpointName: 'first', EndpointConfigName: 'first' }));
    await vi.waitFor(
      async () =>
        expect(
          (await client.send(new DescribeEndpointCommand({ EndpointName: 'first' }))).EndpointStatus,
        ).toBe('InService'),
      { timeout: 20_000, interval: 50 },
    );
    const invoke = () =>
      runtime.send(
        new InvokeEndpointCommand({
          EndpointName: 'first',
          ContentType: 'text/csv',
          Accept: 'application/json',
          Body: Buffer.from('90,10,3\n1,80,3\n'),
          CustomAttributes: 'trace=1',
        }),
      );
    const answer = await invoke();
    const { predictions } = JSON.parse(Buffer.from(answer.Body).toString()) as {
      predictions: { score: number }[];
    };
    expect(predictions[0]?.score).toBeGreaterThan(0.5);
    expect(predictions[1]?.score).toBeLessThan(0.5);
    expect(answer.InvokedProductionVariant).toBe('all');
    doubles.objects.set('data/batch/rows.csv', Buffer.from('7,90,10,3\n8,1,80,3\n'));
    await client.send(
      new CreateTransformJobCommand({
        TransformJobName: 'first',
        ModelName: 'first',
        TransformInput: {
          DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/batch/' } },
          ContentType: 'text/csv',
          SplitType: 'Line',
        },
        TransformOutput: { S3OutputPath: 's3://out/batch', AssembleWith: 'Line', Accept: 'text/csv' },
        TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
        DataProcessing: { InputFilter: '$[1:]', JoinSource: 'Input', OutputFilter: '$[0,-1]' },
      }),
    );
    await vi.waitFor(
      async () =>
        expect(
          (await client.send(new DescribeTransformJobCommand({ TransformJobName: 'first' })))
            .TransformJobStatus,
        ).toBe('Completed'),
      { timeout: 20_000, interval: 50 },
    );
    expect(doubles.objects.get('out/batch/rows.csv.out')?.toString()).toBe(
      `7,${predictions[0]?.score}\n8,${predictions[1]?.score}\n`,
    );
    await client.send(new DeleteEndpointCommand({ EndpointName: 'first' }));
  });
});
