import {
  CreateModelCommand,
  CreateTrainingJobCommand,
  type CreateTrainingJobCommandInput,
  CreateTransformJobCommand,
  type CreateTransformJobCommandInput,
  DeleteModelCommand,
  DescribeTrainingJobCommand,
  DescribeTransformJobCommand,
  type SageMakerClient,
  StopTrainingJobCommand,
  StopTransformJobCommand,
  type TrainingInstanceType,
  type TransformInstanceType,
} from '@aws-sdk/client-sagemaker';
import { AppError } from '#shared/kernel/errors.ts';
import { volumeKey } from '#shared/kernel/volume-key.ts';
import { type JobOutcome, transformOutputUri } from '../domain/job.ts';
import type { JobRunner, TrainingJobRequest, TransformJobRequest } from '../ports.ts';

/** What the managed XGBoost container takes in one request is 6 MB; SageMaker cuts the input at lines. */
const maxPayloadMb = 6;

/** SageMaker's jobs over its API, run under the stage's execution role; what they store is encrypted with its KMS key, if it has one. */
export function createJobRunner(
  client: SageMakerClient,
  roleArn: string,
  encryptionKeyArn?: string,
): JobRunner {
  return {
    async createTrainingJob(request) {
      await create('TrainingJobRejected', request.jobName, () =>
        client.send(new CreateTrainingJobCommand(trainingJob(request, roleArn, encryptionKeyArn))),
      );
    },
    async createTransformJob(request) {
      const { jobName } = request;
      await create('TransformJobRejected', jobName, () =>
        client.send(
          new CreateModelCommand({
            ModelName: jobName,
            ExecutionRoleArn: roleArn,
            EnableNetworkIsolation: true,
            PrimaryContainer: { Image: request.trainingImage, ModelDataUrl: request.artifactUri },
            Tags: tags(request),
          }),
        ),
      );
      await create('TransformJobRejected', jobName, () =>
        client.send(new CreateTransformJobCommand(transformJob(request, encryptionKeyArn))),
      );
    },
    async describe({ kind, jobName }) {
      try {
        return await (kind === 'training' ? describeTraining : describeTransform)(client, jobName);
      } catch (error) {
        if (error instanceof Error && isGone(error)) return { status: 'absent' };
        throw error;
      }
    },
    async stop({ kind, jobName }) {
      await unlessGone(() =>
        kind === 'training'
          ? client.send(new StopTrainingJobCommand({ TrainingJobName: jobName }))
          : client.send(new StopTransformJobCommand({ TransformJobName: jobName })),
      );
    },
    async removeModel(modelName) {
      await unlessGone(() => client.send(new DeleteModelCommand({ ModelName: modelName })));
    },
  };
}

function trainingJob(
  request: TrainingJobRequest,
  roleArn: string,
  keyArn: string | undefined,
): CreateTrainingJobCommandInput {
  const { spot } = request;
  return {
    TrainingJobName: request.jobName,
    RoleArn: roleArn,
    AlgorithmSpecification: { TrainingImage: request.trainingImage, TrainingInputMode: 'File' },
    HyperParameters: { ...request.hyperparameters },
    InputDataConfig: Object.entries(request.channels).map(([ChannelName, S3Uri]) => ({
      ChannelName,
      ContentType: 'text/csv',
      DataSource: {
        S3DataSource: { S3DataType: 'S3Prefix', S3Uri, S3DataDistributionType: 'FullyReplicated' },
      },
    })),
    OutputDataConfig: { S3OutputPath: request.outputUri, KmsKeyId: keyArn },
    ResourceConfig: {
      InstanceType: request.instanceType as TrainingInstanceType,
      InstanceCount: request.instanceCount,
      VolumeSizeInGB: request.volumeSizeGb,
      VolumeKmsKeyId: volumeKey(keyArn, request.instanceType),
    },
    StoppingCondition: {
      MaxRuntimeInSeconds: request.maxRuntimeSeconds,
      ...(spot ? { MaxWaitTimeInSeconds: spot.maxWaitSeconds } : {}),
    },
    EnableManagedSpotTraining: spot !== undefined,
    ...(spot ? { CheckpointConfig: { S3Uri: spot.checkpointUri } } : {}),
    EnableNetworkIsolation: true,
    Tags: tags(request),
  };
}

function transformJob(
  request: TransformJobRequest,
  keyArn: string | undefined,
): CreateTransformJobCommandInput {
  return {
    TransformJobName: request.jobName,
    ModelName: request.jobName,
    BatchStrategy: 'MultiRecord',
    MaxPayloadInMB: maxPayloadMb,
    TransformInput: {
      ContentType: 'text/csv',
      SplitType: 'Line',
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: request.inputUri } },
    },
    TransformOutput: {
      S3OutputPath: request.outputPrefixUri,
      Accept: 'text/csv',
      AssembleWith: 'Line',
      KmsKeyId: keyArn,
    },
    TransformResources: {
      InstanceType: request.instanceType as TransformInstanceType,
      InstanceCount: 1,
      VolumeKmsKeyId: volumeKey(keyArn, request.instanceType),
    },
    Tags: tags(request),
  };
}

const tags = ({ project, trainingId }: { project: string; trainingId: string }) => [
  { Key: 'millrace:project', Value: project },
  { Key: 'millrace:training', Value: trainingId },
];

async function describeTraining(client: SageMakerClient, jobName: string): Promise<JobOutcome> {
  const job = await client.send(new DescribeTrainingJobCommand({ TrainingJobName: jobName }));
  switch (job.TrainingJobStatus) {
    case 'Completed':
      return {
        status: 'completed',
        outputUri: job.ModelArtifacts?.S3ModelArtifacts ?? '',
        metrics: Object.fromEntries(
          (job.FinalMetricDataList ?? []).flatMap(({ MetricName, Value }) =>
            MetricName === undefined || Value === undefined ? [] : [[MetricName, Value]],
          ),
        ),
        billableSeconds: job.BillableTimeInSeconds ?? 0,
      };
    case 'Failed':
      return { status: 'failed', reason: job.FailureReason ?? 'SageMaker gave no reason.' };
    case 'Stopped':
      return {
        status: 'stopped',
        reason: job.FailureReason ?? `The job was stopped: ${job.SecondaryStatus}.`,
      };
    default:
      return { status: 'running' };
  }
}

async function describeTransform(client: SageMakerClient, jobName: string): Promise<JobOutcome> {
  const job = await client.send(new DescribeTransformJobCommand({ TransformJobName: jobName }));
  switch (job.TransformJobStatus) {
    case 'Completed':
      return {
        status: 'completed',
        outputUri: transformOutputUri(
          job.TransformOutput?.S3OutputPath ?? '',
          job.TransformInput?.DataSource?.S3DataSource?.S3Uri ?? '',
        ),
        metrics: {},
        billableSeconds: 0,
      };
    case 'Failed':
      return { status: 'failed', reason: job.FailureReason ?? 'SageMaker gave no reason.' };
    case 'Stopped':
      return { status: 'stopped', reason: job.FailureReason ?? 'The job was stopped.' };
    default:
      return { status: 'running' };
  }
}

/** Creates something whose name says what it is: one that exists is the one that was wanted. */
async function create(rejected: string, name: string, send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (existsAlready(error)) return;
    const told = `SageMaker did not take ${name}: ${error.message}`;
    if (error.name === 'ResourceLimitExceeded')
      throw new AppError('throttled', 'SagemakerQuotaReached', told, {}, { cause: error });
    if (error.name === 'ValidationException')
      throw new AppError('invalid_input', rejected, told, {}, { cause: error });
    throw error;
  }
}

/** Jobs answer ResourceInUse; models answer with a validation error of this text. */
const existsAlready = ({ name, message }: Error): boolean =>
  name === 'ResourceInUse' || (name === 'ValidationException' && /already existing model/i.test(message));

/** What SageMaker says of a name that it does not know: ResourceNotFound, or for most kinds a validation error. */
const isGone = ({ name }: Error): boolean => ['ValidationException', 'ResourceNotFound'].includes(name);

/** Stopping or deleting what is not there any more is as good as done. */
async function unlessGone(send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (!(error instanceof Error && isGone(error))) throw error;
  }
}
