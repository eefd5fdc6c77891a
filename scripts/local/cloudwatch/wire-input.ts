import * as z from 'zod';
import { AwsError } from '../emulated-service.ts';
import { periodSchema, querySchema, statisticSchema } from './metric-query.ts';

/** Seconds since the epoch, as JSON 1.0 carries timestamps. */
const timestamp = z.number();
const dimensions = z
  .array(z.object({ Name: z.string().min(1).max(255), Value: z.string().min(1).max(1024) }))
  .max(30)
  .default([]);

export const putMetricDataInput = z.object({
  Namespace: z.string().min(1).max(255),
  MetricData: z
    .array(
      z.object({
        MetricName: z.string().min(1).max(255),
        Dimensions: dimensions,
        Timestamp: timestamp.optional(),
        Value: z.number().optional(),
        Values: z.array(z.number()).max(150).optional(),
        Counts: z.array(z.number()).optional(),
        StatisticValues: z
          .object({ SampleCount: z.number(), Sum: z.number(), Minimum: z.number(), Maximum: z.number() })
          .optional(),
        Unit: z.string().optional(),
        StorageResolution: z.number().optional(),
      }),
    )
    .max(1000)
    .default([]),
});
export const getMetricDataInput = z.object({
  MetricDataQueries: z.array(querySchema).max(500),
  StartTime: timestamp,
  EndTime: timestamp,
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
  MaxDatapoints: z.number().optional(),
});
export const getMetricStatisticsInput = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: dimensions,
  StartTime: timestamp,
  EndTime: timestamp,
  Period: periodSchema,
  Statistics: z.array(statisticSchema).default([]),
  ExtendedStatistics: z.array(statisticSchema).default([]),
});
export const listMetricsInput = z.object({
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string().optional() })).default([]),
});
export const describeAlarmsInput = z.object({
  AlarmNames: z.array(z.string()).optional(),
  AlarmNamePrefix: z.string().default(''),
  StateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']).optional(),
  MaxRecords: z.number().int().min(1).max(100).default(50),
  NextToken: z.string().optional(),
});
export const alarmNamesInput = z.object({ AlarmNames: z.array(z.string()).max(100) });
export const setAlarmStateInput = z.object({
  AlarmName: z.string(),
  StateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  StateReason: z.string(),
  StateReasonData: z.string().default('{}'),
});

/** @throws AwsError ValidationError naming the parameter */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys : [])].join(
    '.',
  );
  throw new AwsError('ValidationError', `1 validation error detected: ${where}: ${issue?.message}`);
}
