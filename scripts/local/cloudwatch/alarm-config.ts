import * as z from 'zod';
import { type MetricQuery, periodSchema, querySchema, statisticSchema } from './metric-query.ts';

const comparisonOperators = [
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
] as const;
const actions = z
  .array(z.string().regex(/^arn:aws:(sns|lambda):/, 'must be an SNS topic or a Lambda function'))
  .max(5)
  .default([]);

/** The properties of AWS::CloudWatch::Alarm, which are the input of PutMetricAlarm. */
export const alarmProperties = z
  .strictObject({
    AlarmName: z.string().min(1).max(255),
    AlarmDescription: z.string().optional(),
    ActionsEnabled: z.boolean().default(true),
    OKActions: actions,
    AlarmActions: actions,
    InsufficientDataActions: actions,
    Namespace: z.string().optional(),
    MetricName: z.string().optional(),
    Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
    Statistic: statisticSchema.optional(),
    ExtendedStatistic: statisticSchema.optional(),
    Unit: z.string().optional(),
    Period: periodSchema.optional(),
    Metrics: z.array(querySchema).optional(),
    EvaluationPeriods: z.number().int().min(1),
    DatapointsToAlarm: z.number().int().min(1).optional(),
    Threshold: z.number(),
    ComparisonOperator: z.enum(comparisonOperators),
    TreatMissingData: z.enum(['breaching', 'notBreaching', 'ignore', 'missing']).default('missing'),
    EvaluateLowSampleCountPercentile: z.enum(['evaluate', 'ignore']).optional(),
    Tags: z.unknown().optional(),
  })
  .superRefine((alarm, context) => {
    if (alarm.Metrics !== undefined && alarm.MetricName !== undefined) {
      context.addIssue({ code: 'custom', path: ['Metrics'], message: 'must not be given with MetricName' });
    }
    if (alarm.Metrics === undefined && (alarm.MetricName === undefined || alarm.Namespace === undefined)) {
      context.addIssue({
        code: 'custom',
        path: ['MetricName'],
        message: 'MetricName and Namespace, or Metrics, are required',
      });
    }
    if (alarm.Metrics === undefined && alarm.Period === undefined) {
      context.addIssue({ code: 'custom', path: ['Period'], message: 'is required' });
    }
    if (
      alarm.Metrics === undefined &&
      (alarm.Statistic === undefined) === (alarm.ExtendedStatistic === undefined)
    ) {
      context.addIssue({
        code: 'custom',
        path: ['Statistic'],
        message: 'exactly one of Statistic and ExtendedStatistic is required',
      });
    }
    if (alarm.Metrics !== undefined && alarm.Metrics.filter(({ ReturnData }) => ReturnData).length !== 1) {
      context.addIssue({
        code: 'custom',
        path: ['Metrics'],
        message: 'exactly one query must have ReturnData true',
      });
    }
    if ((alarm.DatapointsToAlarm ?? 1) > alarm.EvaluationPeriods) {
      context.addIssue({
        code: 'custom',
        path: ['DatapointsToAlarm'],
        message: 'must not exceed EvaluationPeriods',
      });
    }
  });
export type AlarmConfig = z.output<typeof alarmProperties>;

/** The queries that an alarm watches; one with ReturnData true is what it compares. */
export function queriesOf(alarm: AlarmConfig): readonly MetricQuery[] {
  if (alarm.Metrics !== undefined) return alarm.Metrics;
  return [
    {
      Id: 'm1',
      ReturnData: true,
      MetricStat: {
        Metric: {
          Namespace: alarm.Namespace ?? '',
          MetricName: alarm.MetricName ?? '',
          Dimensions: alarm.Dimensions,
        },
        Period: alarm.Period ?? 60,
        Stat: alarm.ExtendedStatistic ?? alarm.Statistic ?? '',
      },
    },
  ];
}

/** Whether a value is on the side of the threshold that the alarm watches for. */
export function isBreaching(alarm: AlarmConfig, value: number): boolean {
  switch (alarm.ComparisonOperator) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= alarm.Threshold;
    case 'GreaterThanThreshold':
      return value > alarm.Threshold;
    case 'LessThanThreshold':
      return value < alarm.Threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= alarm.Threshold;
  }
}

/** Whether a period that breaches before its end can only breach more until its end: a sum of counts that is already too high. */
export function breachIsFinal(alarm: AlarmConfig): boolean {
  const statistic = alarm.Metrics === undefined ? alarm.Statistic : undefined;
  const isUpper = alarm.ComparisonOperator.startsWith('Greater');
  if (statistic === 'SampleCount' || statistic === 'Maximum') return isUpper;
  if (statistic === 'Minimum') return !isUpper;
  return statistic === 'Sum' && isUpper && alarm.Threshold >= 0;
}
