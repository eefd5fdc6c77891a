import {
  CreateProcessingJobCommand,
  type CreateProcessingJobCommandInput,
  DescribeProcessingJobCommand,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { describe, expect, it } from 'vitest';
import { jobResources } from '#shared/kernel/work-size.ts';
import { objectOf } from '#test/doubles/validation.ts';
import { createJobRunner, inputManifests, type ProcessingJob } from './processing-jobs.ts';

const settings = {
  roleArn: 'arn:aws:iam::000000000000:role/processing',
  imageUri: 'image:1',
  encryptionKeyArn: undefined,
};
const needs = { storedBytes: 1, textBytes: 1, memoryMb: 300, diskMb: 100, seconds: 1 };
const job: ProcessingJob = {
  jobName: 'millrace-local-wine-check-1',
  service: 'validation',
  resources: jobResources(needs),
  plan: objectOf('plan'),
  objects: [{ bucket: 'data-bucket', manifest: objectOf('objects') }],
  resultsUri: 's3://data-bucket/validation/wine/00000003/',
  outcomeUri: 's3://data-bucket/validation/wine/00000003/jobs/1/',
  tags: { 'millrace:project': 'wine' },
};

/** SageMaker that answers, or throws, what a test says. */
function sageMaker(answer: object | { name: string; message: string }) {
  const sent: CreateProcessingJobCommandInput[] = [];
  const send = async (command: unknown) => {
    if (command instanceof CreateProcessingJobCommand) sent.push(command.input);
    if ('name' in answer) throw Object.assign(new Error(answer.name), answer);
    return command instanceof DescribeProcessingJobCommand ? answer : {};
  };
  const client = { send } as unknown as SageMakerClient;
  return { sent, jobs: createJobRunner(client, settings), client };
}

describe('a Processing job', () => {
  it('has no network, runs its service’s program, reads the plan and what it names, and writes where it is told', async () => {
    const { jobs, sent } = sageMaker({});
    await jobs.create(job);
    expect(sent[0]).toMatchObject({
      ProcessingJobName: job.jobName,
      AppSpecification: {
        ImageUri: 'image:1',
        ContainerEntrypoint: ['node', '/opt/program/validation.mjs'],
      },
      NetworkConfig: { EnableNetworkIsolation: true },
      Environment: { RESULTS_URI: 's3://data-bucket/validation/wine/00000003/', MEMORY_MB: '16384' },
      ProcessingInputs: [
        { InputName: 'plan', S3Input: { S3Uri: 's3://data/plan', S3DataType: 'S3Prefix' } },
        {
          InputName: 'objects-0',
          S3Input: {
            S3Uri: 's3://data/objects',
            LocalPath: '/opt/ml/processing/input/objects/data-bucket',
            S3DataType: 'ManifestFile',
          },
        },
      ],
      ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.xlarge', VolumeSizeInGB: 30 } },
      StoppingCondition: { MaxRuntimeInSeconds: 903 },
    });
    expect(sent[0]!.ProcessingOutputConfig?.Outputs?.map(({ S3Output }) => S3Output?.S3Uri)).toEqual([
      job.resultsUri,
      job.outcomeUri,
    ]);
  });

  it('encrypts its volume and its results with the stage’s key', async () => {
    const { client, sent } = sageMaker({});
    const encryptionKeyArn = 'arn:aws:kms:us-east-1:000000000000:key/k';
    await createJobRunner(client, { ...settings, encryptionKeyArn }).create(job);
    expect(sent[0]?.ProcessingOutputConfig?.KmsKeyId).toBe(encryptionKeyArn);
    expect(sent[0]?.ProcessingResources?.ClusterConfig?.VolumeKmsKeyId).toBe(encryptionKeyArn);
  });

  it('that exists is the one that was wanted', async () => {
    await expect(
      sageMaker({ name: 'ResourceInUse', message: 'exists' }).jobs.create(job),
    ).resolves.toBeUndefined();
  });

  it.each([
    ['ResourceLimitExceeded', 'SagemakerQuotaReached'],
    ['ValidationException', 'ProcessingJobRejected'],
  ])('that SageMaker refuses with %s is told as %s', async (name, code) => {
    await expect(sageMaker({ name, message: 'no' }).jobs.create(job)).rejects.toMatchObject({ code });
  });

  it.each([
    [{ ProcessingJobStatus: 'InProgress' }, { status: 'running' }],
    [{ ProcessingJobStatus: 'Stopping' }, { status: 'running' }],
    [{ ProcessingJobStatus: 'Completed' }, { status: 'completed' }],
    [
      { ProcessingJobStatus: 'Failed', FailureReason: 'exit code: 1', ExitMessage: 'Out of Memory' },
      { status: 'failed', reason: 'exit code: 1 Out of Memory' },
    ],
    [{ ProcessingJobStatus: 'Stopped' }, { status: 'failed', reason: 'The job was stopped.' }],
    [{ name: 'ValidationException', message: 'Could not find requested job' }, { status: 'absent' }],
  ])('%o is %o', async (answer, outcome) => {
    expect(await sageMaker(answer).jobs.describe(job.jobName)).toEqual(outcome);
  });
});

it('names the objects of each bucket in a manifest of its own', () => {
  const objects = ['s3://one-bucket/a/b.csv', 's3://other-bucket/c', 's3://one-bucket/d'];
  expect(inputManifests(objects.map((uri) => ({ uri, sha256: '', bytes: 1 })))).toEqual([
    { bucket: 'one-bucket', document: [{ prefix: 's3://one-bucket/' }, 'a/b.csv', 'd'] },
    { bucket: 'other-bucket', document: [{ prefix: 's3://other-bucket/' }, 'c'] },
  ]);
});
