import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { describe, expect, it } from 'vitest';
import { createJobRunner } from './job-runner.ts';

const roleArn = 'arn:aws:iam::000000000000:role/millrace-local-us-east-1-sagemaker-execution';

type Answer = unknown | Error;

/** A client that remembers the inputs of the commands that it was sent, and answers each by its name. */
function setUp(answers: Record<string, Answer> = {}, keyArn?: string) {
  const sent: [string, Record<string, unknown>][] = [];
  const client = {
    send: async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
      const name = command.constructor.name.replace('Command', '');
      sent.push([name, command.input]);
      const answer = answers[name];
      if (answer instanceof Error) throw answer;
      return answer ?? {};
    },
  } as unknown as SageMakerClient;
  return { sent, runner: createJobRunner(client, roleArn, keyArn) };
}

const failure = (name: string, message: string) => Object.assign(new Error(message), { name });

const training = {
  jobName: 'millrace-local-tumour-t1',
  project: 'tumour',
  trainingId: 'T1',
  trainingImage: 'image:1',
  hyperparameters: { num_round: '10' },
  channels: { train: 's3://data/train.csv', validation: 's3://data/validation.csv' },
  outputUri: 's3://models/training/tumour/T1',
  instanceType: 'ml.m5.large',
  instanceCount: 1,
  volumeSizeGb: 10,
  maxRuntimeSeconds: 600,
};
const transform = {
  jobName: 'millrace-local-tumour-t1-challenger',
  project: 'tumour',
  trainingId: 'T1',
  trainingImage: 'image:1',
  artifactUri: 's3://models/model.tar.gz',
  inputUri: 's3://data/test-features.csv',
  outputPrefixUri: 's3://data/transform/tumour/T1/challenger',
  instanceType: 'ml.m5.large',
};

describe('jobs over SageMaker’s API', () => {
  it('encrypt volumes and results with the stage’s key', async () => {
    const { sent, runner } = setUp({}, 'key');
    await runner.createTrainingJob(training);
    await runner.createTransformJob({ ...transform, instanceType: 'ml.m5d.large' });
    const [trained, , transformed] = sent.map(([, input]) => input);
    expect(trained).toMatchObject({
      OutputDataConfig: { KmsKeyId: 'key' },
      ResourceConfig: { VolumeKmsKeyId: 'key' },
    });
    expect(transformed).toMatchObject({ TransformOutput: { KmsKeyId: 'key' } });
    expect(transformed?.['TransformResources']).toMatchObject({ VolumeKmsKeyId: undefined });
  });

  it('are asked for without a network, with a time limit, tags, and both channels as CSV', async () => {
    const { sent, runner } = setUp();
    await runner.createTrainingJob(training);
    expect(sent[0]?.[1]).toMatchObject({
      TrainingJobName: training.jobName,
      RoleArn: roleArn,
      EnableNetworkIsolation: true,
      EnableManagedSpotTraining: false,
      StoppingCondition: { MaxRuntimeInSeconds: 600 },
      InputDataConfig: [
        { ChannelName: 'train', ContentType: 'text/csv' },
        { ChannelName: 'validation', ContentType: 'text/csv' },
      ],
      Tags: [
        { Key: 'millrace:project', Value: 'tumour' },
        { Key: 'millrace:training', Value: 'T1' },
      ],
    });
  });

  it('use spot capacity with a checkpoint and a limit on waiting', async () => {
    const { sent, runner } = setUp();
    await runner.createTrainingJob({
      ...training,
      spot: { maxWaitSeconds: 900, checkpointUri: 's3://models/c' },
    });
    expect(sent[0]?.[1]).toMatchObject({
      EnableManagedSpotTraining: true,
      CheckpointConfig: { S3Uri: 's3://models/c' },
      StoppingCondition: { MaxRuntimeInSeconds: 600, MaxWaitTimeInSeconds: 900 },
    });
  });

  it('that predict have a model of their name', async () => {
    const { sent, runner } = setUp();
    await runner.createTransformJob(transform);
    expect(sent.map(([name, input]) => [name, input['ModelName']])).toEqual([
      ['CreateModel', transform.jobName],
      ['CreateTransformJob', transform.jobName],
    ]);
  });

  it('that exist already are as good as created', async () => {
    const { runner } = setUp({
      CreateTrainingJob: failure('ResourceInUse', 'Training job names must be unique'),
      CreateModel: failure('ValidationException', 'Cannot create already existing model "arn:…"'),
      CreateTransformJob: failure('ResourceInUse', 'Job name must be unique'),
    });
    await runner.createTrainingJob(training);
    await runner.createTransformJob(transform);
  });

  it.each([
    ['ValidationException', 'TrainingJobRejected', 'invalid_input'],
    ['ResourceLimitExceeded', 'SagemakerQuotaReached', 'throttled'],
  ])('that SageMaker refuses with %s are %s', async (name, code, kind) => {
    const { runner } = setUp({ CreateTrainingJob: failure(name, 'because') });
    await expect(runner.createTrainingJob(training)).rejects.toMatchObject({
      code,
      kind,
      message: `SageMaker did not take ${training.jobName}: because`,
    });
  });

  it.each([
    [{ TrainingJobStatus: 'InProgress' }, { status: 'running' }],
    [{ TrainingJobStatus: 'Stopping' }, { status: 'running' }],
    [
      { TrainingJobStatus: 'Failed', FailureReason: 'no rows' },
      { status: 'failed', reason: 'no rows' },
    ],
    [
      { TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxRuntimeExceeded' },
      { status: 'stopped', reason: 'The job was stopped: MaxRuntimeExceeded.' },
    ],
    [
      {
        TrainingJobStatus: 'Completed',
        ModelArtifacts: { S3ModelArtifacts: 's3://models/model.tar.gz' },
        FinalMetricDataList: [{ MetricName: 'validation:auc', Value: 0.9 }, { MetricName: 'lost' }],
        BillableTimeInSeconds: 42,
      },
      {
        status: 'completed',
        outputUri: 's3://models/model.tar.gz',
        metrics: { 'validation:auc': 0.9 },
        billableSeconds: 42,
      },
    ],
  ])('described as %j are %j', async (described, outcome) => {
    const { runner } = setUp({ DescribeTrainingJob: described });
    expect(await runner.describe({ kind: 'training', jobName: 'j' })).toEqual(outcome);
  });

  it('that predicted left their output beside the name of their input', async () => {
    const { runner } = setUp({
      DescribeTransformJob: {
        TransformJobStatus: 'Completed',
        TransformOutput: { S3OutputPath: 's3://data/out' },
        TransformInput: { DataSource: { S3DataSource: { S3Uri: 's3://data/sets/features.csv' } } },
      },
    });
    expect(await runner.describe({ kind: 'transform', jobName: 'j' })).toMatchObject({
      outputUri: 's3://data/out/features.csv.out',
    });
  });

  it('and models that are gone need no stopping and no deleting', async () => {
    const { runner } = setUp({
      StopTrainingJob: failure(
        'ValidationException',
        'The request was rejected because the job is Completed',
      ),
      DeleteModel: failure('ValidationException', 'Could not find model'),
      StopTransformJob: failure('AccessDeniedException', 'no'),
    });
    await runner.stop({ kind: 'training', jobName: 'j' });
    await runner.removeModel('j');
    await expect(runner.stop({ kind: 'transform', jobName: 'j' })).rejects.toThrow('no');
  });
});
