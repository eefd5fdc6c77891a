import type { CreateProcessingJobInput } from '../api/processing-inputs.ts';
import type { StateChange } from '../state-change-events.ts';

export type ProcessingJobStatus = 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';

/** What the service stops a job after where the request does not say. */
const DEFAULT_MAX_RUNTIME_SECONDS = 86_400;

/** A processing job as kept on disk; times in milliseconds since the epoch. */
export interface ProcessingJobRecord {
  readonly arn: string;
  readonly input: CreateProcessingJobInput;
  readonly status: ProcessingJobStatus;
  readonly creationTimeMs: number;
  readonly lastModifiedTimeMs: number;
  readonly startTimeMs?: number;
  readonly endTimeMs?: number;
  readonly failureReason?: string;
  readonly exitMessage?: string;
}

export const maxRuntimeSeconds = ({ StoppingCondition }: CreateProcessingJobInput): number =>
  StoppingCondition?.MaxRuntimeInSeconds ?? DEFAULT_MAX_RUNTIME_SECONDS;

/** Answer of DescribeProcessingJob. */
export function describeProcessingJob(record: ProcessingJobRecord): Record<string, unknown> {
  const { Tags: _tags, ...input } = record.input;
  return {
    ...withDefaults(input),
    ProcessingJobArn: record.arn,
    ProcessingJobStatus: record.status,
    ...outcome(record),
    ...times(record, (timeMs) => timeMs / 1000),
  };
}

/** What ListProcessingJobs says of a job. */
export function summarizeProcessingJob(record: ProcessingJobRecord): Record<string, unknown> {
  const { ProcessingStartTime: _start, ...shown } = times(record, (timeMs) => timeMs / 1000);
  return {
    ProcessingJobName: record.input.ProcessingJobName,
    ProcessingJobArn: record.arn,
    ProcessingJobStatus: record.status,
    ...outcome(record),
    ...shown,
  };
}

/**
 * The state-change event, with the members that the documentation's example has: neither environment, tags nor exit message. Times are
 * numbers of milliseconds, where training and transform jobs have texts.
 */
export function processingJobEvent(record: ProcessingJobRecord): StateChange {
  const { Tags: _tags, Environment: _environment, ...input } = record.input;
  return {
    detailType: 'SageMaker Processing Job State Change',
    resourceArn: record.arn,
    detail: {
      ...withDefaults(input),
      ProcessingJobArn: record.arn,
      ProcessingJobStatus: record.status,
      ...(record.failureReason === undefined ? {} : { FailureReason: record.failureReason }),
      ...times(record, (timeMs) => timeMs),
    },
  };
}

/** Members that the service fills in where the request left them out. */
function withDefaults(input: Omit<CreateProcessingJobInput, 'Tags'>): Record<string, unknown> {
  const { ClusterConfig } = input.ProcessingResources;
  return {
    ...input,
    ProcessingResources: {
      ClusterConfig: { ...ClusterConfig, InstanceCount: ClusterConfig.InstanceCount ?? 1 },
    },
    StoppingCondition: { MaxRuntimeInSeconds: maxRuntimeSeconds(input) },
  };
}

const outcome = ({ failureReason, exitMessage }: ProcessingJobRecord): Record<string, string> => ({
  ...(failureReason === undefined ? {} : { FailureReason: failureReason }),
  ...(exitMessage === undefined ? {} : { ExitMessage: exitMessage }),
});

function times(record: ProcessingJobRecord, write: (timeMs: number) => number): Record<string, number> {
  return {
    CreationTime: write(record.creationTimeMs),
    LastModifiedTime: write(record.lastModifiedTimeMs),
    ...(record.startTimeMs === undefined ? {} : { ProcessingStartTime: write(record.startTimeMs) }),
    ...(record.endTimeMs === undefined ? {} : { ProcessingEndTime: write(record.endTimeMs) }),
  };
}
