import type { Channel, CreateTrainingJobInput } from '../api/training-inputs.ts';
import type { StateChange } from '../state-change-events.ts';
import type { FinalMetric } from './final-metrics.ts';

export type TrainingJobStatus = 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';
export type SecondaryStatus =
  | 'Starting'
  | 'Downloading'
  | 'Training'
  | 'Uploading'
  | 'Completed'
  | 'Failed'
  | 'Stopping'
  | 'Stopped'
  | 'MaxRuntimeExceeded';

/** One stage in the life of a job; times in milliseconds since the epoch. */
interface Transition {
  readonly Status: SecondaryStatus;
  readonly startTimeMs: number;
  readonly endTimeMs?: number;
  readonly StatusMessage: string;
}

/** A training job as kept on disk. */
export interface TrainingJobRecord {
  readonly arn: string;
  readonly input: CreateTrainingJobInput;
  readonly status: TrainingJobStatus;
  readonly secondaryStatus: SecondaryStatus;
  readonly transitions: readonly Transition[];
  readonly creationTimeMs: number;
  readonly lastModifiedTimeMs: number;
  readonly trainingStartTimeMs?: number;
  readonly trainingEndTimeMs?: number;
  readonly failureReason?: string;
  readonly modelArtifacts?: string;
  readonly finalMetrics?: readonly FinalMetric[];
}

const MESSAGES: Readonly<Record<SecondaryStatus, string>> = {
  Starting: 'Preparing the instances for training',
  Downloading: 'Downloading input data',
  Training: 'Training image download completed. Training in progress.',
  Uploading: 'Uploading generated training model',
  Completed: 'Training job completed',
  Failed: 'Training job failed',
  Stopping: 'Stopping the training job',
  Stopped: 'Training job stopped',
  MaxRuntimeExceeded: 'Training job runtime exceeded MaxRuntimeInSeconds provided',
};

/** Ends the current stage and begins the next. A final stage begins and ends at once. */
export function enterStage(
  record: TrainingJobRecord,
  status: TrainingJobStatus,
  secondaryStatus: SecondaryStatus,
  nowMs: number,
  message = MESSAGES[secondaryStatus],
): TrainingJobRecord {
  const ended = record.transitions.map((transition) => ({
    ...transition,
    endTimeMs: transition.endTimeMs ?? nowMs,
  }));
  const isFinal = status !== 'InProgress' && status !== 'Stopping';
  const next: Transition = {
    Status: secondaryStatus,
    startTimeMs: nowMs,
    StatusMessage: message,
    ...(isFinal ? { endTimeMs: nowMs } : {}),
  };
  return { ...record, status, secondaryStatus, transitions: [...ended, next], lastModifiedTimeMs: nowMs };
}

const seconds = (timeMs: number): number => timeMs / 1000;

/** Answer of DescribeTrainingJob. */
export function describeTrainingJob(record: TrainingJobRecord): Record<string, unknown> {
  const { Tags: _tags, InputDataConfig, ...input } = record.input;
  const { trainingStartTimeMs: start, trainingEndTimeMs: end } = record;
  return {
    ...input,
    TrainingJobArn: record.arn,
    TrainingJobStatus: record.status,
    SecondaryStatus: record.secondaryStatus,
    InputDataConfig: (InputDataConfig ?? []).map(withChannelDefaults),
    SecondaryStatusTransitions: record.transitions.map(
      ({ Status, StatusMessage, startTimeMs, endTimeMs }) => ({
        Status,
        StatusMessage,
        StartTime: seconds(startTimeMs),
        ...(endTimeMs === undefined ? {} : { EndTime: seconds(endTimeMs) }),
      }),
    ),
    CreationTime: seconds(record.creationTimeMs),
    LastModifiedTime: seconds(record.lastModifiedTimeMs),
    ...(record.failureReason === undefined ? {} : { FailureReason: record.failureReason }),
    ...(record.modelArtifacts === undefined
      ? {}
      : { ModelArtifacts: { S3ModelArtifacts: record.modelArtifacts } }),
    ...(record.finalMetrics === undefined ? {} : { FinalMetricDataList: record.finalMetrics }),
    ...(start === undefined ? {} : { TrainingStartTime: seconds(start) }),
    ...(start === undefined || end === undefined
      ? {}
      : {
          TrainingEndTime: seconds(end),
          TrainingTimeInSeconds: wholeSeconds(start, end),
          BillableTimeInSeconds: wholeSeconds(start, end),
        }),
  };
}

/** Members that the service fills in where the request left them out. */
function withChannelDefaults(channel: Channel): Channel {
  const { S3DataSource } = channel.DataSource;
  return {
    ...channel,
    CompressionType: channel.CompressionType ?? 'None',
    RecordWrapperType: channel.RecordWrapperType ?? 'None',
    DataSource: {
      S3DataSource: {
        ...S3DataSource,
        S3DataDistributionType: S3DataSource.S3DataDistributionType ?? 'FullyReplicated',
      },
    },
  };
}

function wholeSeconds(startMs: number, endMs: number): number {
  return Math.max(1, Math.ceil((endMs - startMs) / 1000));
}

/** The state-change event: times are texts of milliseconds, tags a map. */
export function trainingJobEvent(record: TrainingJobRecord): StateChange {
  const { Tags = [], ...input } = record.input;
  const time = (name: string, timeMs: number | undefined) =>
    timeMs === undefined ? {} : { [name]: String(timeMs) };
  return {
    detailType: 'SageMaker Training Job State Change',
    resourceArn: record.arn,
    detail: {
      ...input,
      TrainingJobArn: record.arn,
      TrainingJobStatus: record.status,
      SecondaryStatus: record.secondaryStatus,
      ...(record.failureReason === undefined ? {} : { FailureReason: record.failureReason }),
      ...(record.modelArtifacts === undefined
        ? {}
        : { ModelArtifacts: { S3ModelArtifacts: record.modelArtifacts } }),
      ...time('CreationTime', record.creationTimeMs),
      ...time('LastModifiedTime', record.lastModifiedTimeMs),
      ...time('TrainingStartTime', record.trainingStartTimeMs),
      ...time('TrainingEndTime', record.trainingEndTimeMs),
      SecondaryStatusTransitions: record.transitions.map(
        ({ Status, StatusMessage, startTimeMs, endTimeMs }) => ({
          Status,
          StatusMessage,
          ...time('StartTime', startTimeMs),
          ...time('EndTime', endTimeMs),
        }),
      ),
      Tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
    },
  };
}
