import type { StreamRecord } from '../emulated-service.ts';
import type { InvocationResult } from './invoker.ts';

/** Records that a mapping gives up, and why. */
export interface FailedBatch {
  readonly records: readonly StreamRecord[];
  readonly failures: number;
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  readonly result: InvocationResult;
}

/** The message that Lambda sends to a stream mapping's on-failure queue ("Retain discarded batches", Lambda Developer Guide). */
export function failedBatchRecord(
  batch: FailedBatch,
  from: {
    readonly shardId: string;
    readonly streamArn: string;
    readonly functionArn: string;
    readonly nowMs: number;
  },
): object {
  const first = batch.records[0]?.dynamodb;
  const last = batch.records.at(-1)?.dynamodb;
  return {
    requestContext: {
      requestId: batch.result.requestId,
      functionArn: from.functionArn,
      condition: batch.condition,
      approximateInvokeCount: batch.failures,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: batch.result.executedVersion,
      ...(batch.result.failed && { functionError: 'Unhandled' }),
    },
    version: '1.0',
    timestamp: new Date(from.nowMs).toISOString(),
    DDBStreamBatchInfo: {
      shardId: from.shardId,
      startSequenceNumber: first?.SequenceNumber,
      endSequenceNumber: last?.SequenceNumber,
      approximateArrivalOfFirstRecord: isoTime(first?.ApproximateCreationDateTime),
      approximateArrivalOfLastRecord: isoTime(last?.ApproximateCreationDateTime),
      batchSize: batch.records.length,
      streamArn: from.streamArn,
    },
  };
}

function isoTime(epochSeconds: number | undefined): string | undefined {
  return epochSeconds === undefined ? undefined : new Date(epochSeconds * 1000).toISOString();
}
