import type { CreateTransformJobInput } from '../api/transform-inputs.ts';
import type { StateChange } from '../state-change-events.ts';

export type TransformJobStatus = 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';

/** A batch transform job as kept on disk; times in milliseconds since the epoch. */
export interface TransformJobRecord {
  readonly arn: string;
  readonly input: CreateTransformJobInput;
  readonly status: TransformJobStatus;
  readonly creationTimeMs: number;
  readonly lastModifiedTimeMs: number;
  readonly startTimeMs?: number;
  readonly endTimeMs?: number;
  readonly failureReason?: string;
}

/** Answer of DescribeTransformJob. */
export function describeTransformJob(record: TransformJobRecord): Record<string, unknown> {
  const { Tags: _tags, ...input } = record.input;
  return {
    ...input,
    TransformJobArn: record.arn,
    TransformJobStatus: record.status,
    CreationTime: record.creationTimeMs / 1000,
    ...(record.startTimeMs === undefined ? {} : { TransformStartTime: record.startTimeMs / 1000 }),
    ...(record.endTimeMs === undefined ? {} : { TransformEndTime: record.endTimeMs / 1000 }),
    ...(record.failureReason === undefined ? {} : { FailureReason: record.failureReason }),
  };
}

/** The state-change event: times are texts of milliseconds, tags a map. */
export function transformJobEvent(record: TransformJobRecord): StateChange {
  const { Tags = [], ...input } = record.input;
  const time = (name: string, timeMs: number | undefined) =>
    timeMs === undefined ? {} : { [name]: String(timeMs) };
  return {
    detailType: 'SageMaker Transform Job State Change',
    resourceArn: record.arn,
    detail: {
      ...input,
      TransformJobArn: record.arn,
      TransformJobStatus: record.status,
      ...(record.failureReason === undefined ? {} : { FailureReason: record.failureReason }),
      ...time('CreationTime', record.creationTimeMs),
      ...time('TransformStartTime', record.startTimeMs),
      ...time('TransformEndTime', record.endTimeMs),
      Tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
    },
  };
}
