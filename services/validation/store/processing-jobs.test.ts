import {
  CreateProcessingJobCommand,
  type CreateProcessingJobCommandInput,
  DescribeProcessingJobCommand,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { describe, expect, it } from 'vitest';
import { objectOf } from '#test/doubles/validation.ts';
import { jobResources } from '../domain/sizing.ts';
import { createProcessingJobs } from './processing-jobs.ts';

const settings = {
  dataBucket: 'data-bucket',
  roleArn: 'arn:aws:iam::000000000000:role/processing',
  imageUri: 'image:1',
  encryptionKeyArn: undefined,
};
const needs = { storedBytes: 1, textBytes: 1, memoryMb: 300, diskMb: 100, seconds: 1 };
const job = {
  jobName: 'millrace-local-wine-check-1',
  check: { project: 'wine', datasetVersion: 3, plan: objectOf('plan') },
  plan: {},
  resources: jobResources(needs),
  input: objectOf('objects'),
} as unknown as Parameters<ReturnType<typeof createProcessingJobs>['create']>[0];

/** SageMaker that answers, or throws, what a test says. */
function sageMaker(answer: object | { name: string; message: string }) {
  const sent: CreateProcessingJobCommandInput[] = [];
  const send = async (command: unknown) => {
    if (command instanceof CreateProcessingJobCommand) sent.push(command.input);
    if ('name' in answer) throw Object.assign(new Error(answer.name), answer);
    return command instanceof DescribeProcessingJobCommand ? answer : {};
  };
  const client = { send } as unknown as SageMakerClient;
  return { sent, jobs: createProcessingJobs(client, settings), client };
}

describe('a Processing job', () => {
  it('has no network, reads the plan and what it names, and writes below the version', async () => {
    const { jobs, sent } = sageMaker({});
    await jobs.create(job);
    expect(sent[0]).toMatchObject({
      ProcessingJobName: job.jobName,
      NetworkConfig: { EnableNetworkIsolation: true },
      Environment: { RESULTS_URI: 's3://data-bucket/validation/wine/00000003/', MEMORY_MB: '16384' },
      ProcessingInputs: [
        { InputName: 'plan', S3Input: { S3Uri: 's3://data/plan', S3DataType: 'S3Prefix' } },
        { InputName: 'objects', S3Input: { S3Uri: 's3://data/objects', S3DataType: 'ManifestFile' } },
      ],
      ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.xlarge', VolumeSizeInGB: 30 } },
      StoppingCondition: { MaxRuntimeInSeconds: 903 },
    });
    expect(sent[0]!.ProcessingOutputConfig?.Outputs?.map(({ S3Output }) => S3Output?.S3Uri)).toEqual([
      's3://data-bucket/validation/wine/00000003/',
      expect.stringMatching(/^s3:\/\/data-bucket\/validation\/wine\/00000003\/jobs\/[0-9a-f]{20}\/$/),
    ]);
  });

  it('encrypts its volume and its results with the stage’s key', async () => {
    const { client, sent } = sageMaker({});
    const encryptionKeyArn = 'arn:aws:kms:us-east-1:000000000000:key/k';
    await createProcessingJobs(client, { ...settings, encryptionKeyArn }).create(job);
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
