import {
  CreateProcessingJobCommand,
  type CreateProcessingJobCommandInput,
  DescribeProcessingJobCommand,
  type SageMakerClient,
  StopProcessingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { getText } from '#shared/aws/objects.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { formatS3Uri } from '#shared/kernel/s3-uri.ts';
import { volumeKey } from '#shared/kernel/volume-key.ts';
import { storedOutcome } from '../domain/check-plan.ts';
import type { JobOutcome, ProcessingJobs } from '../ports.ts';
import { versionFolder } from './documents.ts';

export interface ProcessingJobsSettings {
  readonly dataBucket: string;
  readonly roleArn: string;
  readonly imageUri: string | undefined;
  readonly encryptionKeyArn: string | undefined;
}

type Job = Parameters<ProcessingJobs['create']>[0];

/** Checks as SageMaker Processing jobs: what they read and write goes through SageMaker, they themselves have no network. */
export function createProcessingJobs(
  client: SageMakerClient,
  settings: ProcessingJobsSettings,
): ProcessingJobs {
  return {
    imageUri: settings.imageUri,
    async create(job) {
      try {
        await client.send(new CreateProcessingJobCommand(requestOf(job, settings)));
      } catch (error) {
        throwUnlessCreated(error, job.jobName);
      }
    },
    async describe(jobName): Promise<JobOutcome> {
      try {
        const { ProcessingJobStatus, FailureReason, ExitMessage } = await client.send(
          new DescribeProcessingJobCommand({ ProcessingJobName: jobName }),
        );
        if (ProcessingJobStatus === 'Completed') return { status: 'completed' };
        if (ProcessingJobStatus !== 'Failed' && ProcessingJobStatus !== 'Stopped')
          return { status: 'running' };
        const reason = [
          FailureReason ?? `The job was ${ProcessingJobStatus.toLowerCase()}.`,
          ExitMessage,
        ].filter(Boolean);
        return { status: 'failed', reason: reason.join(' ') };
      } catch (error) {
        if (error instanceof Error && isGone(error)) return { status: 'absent' };
        throw error;
      }
    },
    async stop(jobName) {
      try {
        await client.send(new StopProcessingJobCommand({ ProcessingJobName: jobName }));
      } catch (error) {
        if (!(error instanceof Error && isGone(error))) throw error;
      }
    },
    async outcome(check) {
      const jobName = check.engine?.jobName ?? '';
      const key = `${outcomeFolder(check, jobName)}outcome.json`;
      const uri = formatS3Uri({ bucket: settings.dataBucket, key });
      return storedOutcome.parse(JSON.parse(await getText(uri)));
    },
  };
}

/** Where a job leaves what it says of a version. */
const outcomeFolder = (
  { project, datasetVersion }: { project: string; datasetVersion: number },
  jobName: string,
): string => `${versionFolder(project, datasetVersion)}jobs/${sha256Hex(jobName).slice(0, 20)}/`;

function requestOf(
  { jobName, check, resources, input }: Job,
  { dataBucket, roleArn, imageUri, encryptionKeyArn }: ProcessingJobsSettings,
): CreateProcessingJobCommandInput {
  const address = (key: string): string => formatS3Uri({ bucket: dataBucket, key });
  const results = address(versionFolder(check.project, check.datasetVersion));
  return {
    ProcessingJobName: jobName,
    RoleArn: roleArn,
    AppSpecification: { ImageUri: imageUri },
    Environment: {
      JOB_NAME: jobName,
      MEMORY_MB: String(resources.memoryMb),
      RESULTS_URI: results,
    },
    ProcessingInputs: [
      inputOf('plan', check.plan!.uri, 'S3Prefix'),
      inputOf('objects', input.uri, 'ManifestFile'),
    ],
    ProcessingOutputConfig: {
      Outputs: [outputOf('results', results), outputOf('outcome', address(outcomeFolder(check, jobName)))],
      ...(encryptionKeyArn ? { KmsKeyId: encryptionKeyArn } : {}),
    },
    ProcessingResources: {
      ClusterConfig: {
        InstanceCount: 1,
        InstanceType: resources.instanceType,
        VolumeSizeInGB: resources.volumeSizeGb,
        VolumeKmsKeyId: volumeKey(encryptionKeyArn, resources.instanceType),
      },
    },
    StoppingCondition: { MaxRuntimeInSeconds: resources.maxRuntimeSeconds },
    NetworkConfig: { EnableNetworkIsolation: true },
    Tags: [
      { Key: 'millrace:project', Value: check.project },
      { Key: 'millrace:dataset-version', Value: String(check.datasetVersion) },
    ],
  };
}

const inputOf = (name: string, S3Uri: string, S3DataType: 'S3Prefix' | 'ManifestFile') => ({
  InputName: name,
  S3Input: {
    S3Uri,
    LocalPath: `/opt/ml/processing/input/${name}`,
    S3DataType,
    S3InputMode: 'File' as const,
    S3DataDistributionType: 'FullyReplicated' as const,
  },
});

const outputOf = (name: string, S3Uri: string) => ({
  OutputName: name,
  S3Output: { S3Uri, LocalPath: `/opt/ml/processing/output/${name}`, S3UploadMode: 'EndOfJob' as const },
});

/** A name says what a job is: one that exists is the one that was wanted. */
function throwUnlessCreated(error: unknown, jobName: string): void {
  if (!(error instanceof Error)) throw error;
  if (error.name === 'ResourceInUse') return;
  const told = `SageMaker did not take ${jobName}: ${error.message}`;
  if (error.name === 'ResourceLimitExceeded')
    throw new AppError('throttled', 'SagemakerQuotaReached', told, {}, { cause: error });
  if (error.name === 'ValidationException')
    throw new AppError('invalid_input', 'ProcessingJobRejected', told, {}, { cause: error });
  throw error;
}

const isGone = ({ name }: Error): boolean => ['ValidationException', 'ResourceNotFound'].includes(name);
