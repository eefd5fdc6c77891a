import * as z from 'zod';
import { type ResourceDeclaration, UnsupportedResource } from '../emulated-service.ts';
import { parseProperties, stableId } from '../resource-properties.ts';

/** An AWS::Lambda::EventSourceMapping of a DynamoDB stream or an SQS queue. */
export interface MappingConfig {
  /** Stable over restarts: made from stack and logical id. */
  readonly uuid: string;
  readonly enabled: boolean;
  readonly source: 'dynamodb' | 'sqs';
  readonly eventSourceArn: string;
  readonly functionArn: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  /** A record passes when any pattern matches it; empty: all pass. */
  readonly filters: readonly Readonly<Record<string, unknown>>[];
  readonly reportsBatchItemFailures: boolean;
  readonly bisectOnError: boolean;
  /** -1: until the record expires. */
  readonly maximumRetryAttempts: number;
  /** -1: no limit but the stream's own 24 hours. */
  readonly maximumRecordAgeSeconds: number;
  readonly onFailureArn?: string;
}

const properties = z.strictObject({
  FunctionName: z.string(),
  EventSourceArn: z.string(),
  Enabled: z.boolean().default(true),
  BatchSize: z.number().int().min(1).max(10_000).optional(),
  MaximumBatchingWindowInSeconds: z.number().min(0).max(300).default(0),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']).optional(),
  FilterCriteria: z
    .strictObject({ Filters: z.array(z.strictObject({ Pattern: z.string() })).default([]) })
    .optional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  BisectBatchOnFunctionError: z.boolean().default(false),
  MaximumRetryAttempts: z.number().int().min(-1).max(10_000).default(-1),
  MaximumRecordAgeInSeconds: z.number().int().min(-1).max(604_800).default(-1),
  DestinationConfig: z
    .strictObject({ OnFailure: z.strictObject({ Destination: z.string().startsWith('arn:aws:sqs:') }) })
    .optional(),
  // One shard is read in order; reading it with several lanes would only be faster.
  ParallelizationFactor: z.number().int().min(1).max(10).optional(),
  // The number of processes per function bounds concurrency below the smallest value that AWS allows here.
  ScalingConfig: z.strictObject({ MaximumConcurrency: z.number().int().min(2).optional() }).optional(),
  Tags: z.array(z.unknown()).optional(),
});

/** @throws UnsupportedResource naming the property that cannot be honoured */
export function readMapping(
  resource: ResourceDeclaration,
  functionArnOf: (nameOrArn: string) => string,
): MappingConfig {
  const read = parseProperties(resource, properties);
  const source = sourceOf(resource, read.EventSourceArn);
  return {
    uuid: stableUuid(resource),
    enabled: read.Enabled,
    source,
    eventSourceArn: read.EventSourceArn,
    functionArn: functionArnOf(read.FunctionName),
    batchSize: read.BatchSize ?? (source === 'sqs' ? 10 : 100),
    batchingWindowSeconds: read.MaximumBatchingWindowInSeconds,
    startingPosition: read.StartingPosition ?? 'LATEST',
    filters: (read.FilterCriteria?.Filters ?? []).map(
      ({ Pattern }) => JSON.parse(Pattern) as Readonly<Record<string, unknown>>,
    ),
    reportsBatchItemFailures: read.FunctionResponseTypes.length > 0,
    bisectOnError: read.BisectBatchOnFunctionError,
    maximumRetryAttempts: read.MaximumRetryAttempts,
    maximumRecordAgeSeconds: read.MaximumRecordAgeInSeconds,
    ...(read.DestinationConfig !== undefined && {
      onFailureArn: read.DestinationConfig.OnFailure.Destination,
    }),
  };
}

function sourceOf(resource: ResourceDeclaration, eventSourceArn: string): MappingConfig['source'] {
  if (/^arn:aws:dynamodb:[^:]+:\d+:table\/[^/]+\/stream\//.test(eventSourceArn)) return 'dynamodb';
  if (eventSourceArn.startsWith('arn:aws:sqs:')) return 'sqs';
  throw new UnsupportedResource(
    resource.type,
    `event source ${eventSourceArn}`,
    'Use a DynamoDB stream or an SQS queue.',
  );
}

function stableUuid(resource: ResourceDeclaration): string {
  const hex = stableId(resource, 32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
