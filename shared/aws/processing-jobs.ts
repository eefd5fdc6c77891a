import {
  CreateProcessingJobCommand,
  type CreateProcessingJobCommandInput,
  DescribeProcessingJobCommand,
  type SageMakerClient,
  StopProcessingJobCommand,
} from '@aws-sdk/client-sagemaker';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { processingEntrypoint, type ServiceName } from '#shared/kernel/names.ts';
import { formatS3Uri, parseS3Uri } from '#shared/kernel/s3-uri.ts';
import { volumeKey } from '#shared/kernel/volume-key.ts';
import type { JobResources } from '#shared/kernel/work-size.ts';

export interface ProcessingJobsSettings {
  readonly roleArn: string;
  /** Absent where the stage has no image. */
  readonly imageUri: string | undefined;
  readonly encryptionKeyArn: string | undefined;
}

/** A job as a service wants it: the image's program of that service, with a plan, the objects that it names, and places for what comes of it. */
export interface ProcessingJob {
  readonly jobName: string;
  readonly service: ServiceName;
  readonly resources: JobResources;
  /** JSON document: what the program is to do. */
  readonly plan: StoredObject;
  /** Manifests of the objects that it reads (`inputManifests`). */
  readonly objects: readonly { readonly bucket: string; readonly manifest: StoredObject }[];
  /** Where files go that it leaves under their hashes, and where its answer goes; S3 addresses that end with `/`. */
  readonly resultsUri: string;
  readonly outcomeUri: string;
  readonly tags: Readonly<Record<string, string>>;
}

export type JobOutcome =
  | { readonly status: 'running' }
  /** Its creation is under way still, or SageMaker refused it. */
  | { readonly status: 'absent' }
  | { readonly status: 'completed' }
  | { readonly status: 'failed'; readonly reason: string };

/** Processing jobs: what they read and write goes through SageMaker, they themselves have no network. */
export interface JobRunner {
  /** Undefined where the stage has no image for them. */
  readonly imageUri: string | undefined;
  /** A job of this name that exists is the one that was wanted. Throws SagemakerQuotaReached (throttled), ProcessingJobRejected (invalid_input). */
  create(job: ProcessingJob): Promise<void>;
  describe(jobName: string): Promise<JobOutcome>;
  /** A job that is not there is no error. */
  stop(jobName: string): Promise<void>;
}

export function createJobRunner(client: SageMakerClient, settings: ProcessingJobsSettings): JobRunner {
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
  };
}

/** What SageMaker reads the names of a job's objects from: a document per bucket. */
export function inputManifests(
  objects: readonly StoredObject[],
): readonly { readonly bucket: string; readonly document: readonly unknown[] }[] {
  const keys = new Map<string, string[]>();
  for (const { uri } of objects) {
    const { bucket, key } = parseS3Uri(uri);
    keys.set(bucket, [...(keys.get(bucket) ?? []), key]);
  }
  return [...keys].map(([bucket, names]) => ({
    bucket,
    document: [{ prefix: formatS3Uri({ bucket, key: '' }) }, ...names],
  }));
}

function requestOf(
  job: ProcessingJob,
  { roleArn, imageUri, encryptionKeyArn }: ProcessingJobsSettings,
): CreateProcessingJobCommandInput {
  const { jobName, service, resources, plan, objects, resultsUri, outcomeUri, tags } = job;
  return {
    ProcessingJobName: jobName,
    RoleArn: roleArn,
    AppSpecification: { ImageUri: imageUri, ContainerEntrypoint: [...processingEntrypoint(service)] },
    Environment: {
      JOB_NAME: jobName,
      MEMORY_MB: String(resources.memoryMb),
      RESULTS_URI: resultsUri,
    },
    ProcessingInputs: [
      inputOf('plan', 'plan', plan.uri, 'S3Prefix'),
      ...objects.map(({ bucket, manifest }, index) =>
        inputOf(`objects-${index}`, `objects/${bucket}`, manifest.uri, 'ManifestFile'),
      ),
    ],
    ProcessingOutputConfig: {
      Outputs: [outputOf('results', resultsUri), outputOf('outcome', outcomeUri)],
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
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

const inputOf = (name: string, folder: string, S3Uri: string, S3DataType: 'S3Prefix' | 'ManifestFile') => ({
  InputName: name,
  S3Input: {
    S3Uri,
    LocalPath: `/opt/ml/processing/input/${folder}`,
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
