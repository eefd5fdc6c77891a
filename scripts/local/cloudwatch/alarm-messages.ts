import type { EventEntry } from '../emulated-service.ts';
import { type AlarmConfig, queriesOf } from './alarm-config.ts';
import type { AlarmState } from './alarm-evaluation.ts';

/** A state that an alarm has or had. */
export interface AlarmStatus {
  readonly state: AlarmState;
  readonly reason: string;
  /** JSON text. */
  readonly reasonData: string;
  readonly updatedAtMs: number;
}

/** A change of an alarm's state. */
export interface AlarmTransition {
  readonly alarm: AlarmConfig;
  readonly alarmArn: string;
  readonly configuredAtMs: number;
  readonly before: AlarmStatus;
  readonly after: AlarmStatus;
}

/** The `CloudWatch Alarm State Change` event ("Alarm events and EventBridge", CloudWatch User Guide). */
export function stateChangeEvent(transition: AlarmTransition): EventEntry {
  const { alarm, alarmArn, before, after } = transition;
  const describe = (status: AlarmStatus) => ({
    value: status.state,
    reason: status.reason,
    reasonData: status.reasonData,
    timestamp: eventTime(status.updatedAtMs),
  });
  return {
    source: 'aws.cloudwatch',
    detailType: 'CloudWatch Alarm State Change',
    resources: [alarmArn],
    timeMs: after.updatedAtMs,
    detail: {
      alarmName: alarm.AlarmName,
      configuration: {
        ...(alarm.AlarmDescription !== undefined && { description: alarm.AlarmDescription }),
        metrics: queriesOf(alarm).map((query) => ({
          id: query.Id,
          ...(query.Expression !== undefined && { expression: query.Expression }),
          ...(query.MetricStat !== undefined && {
            metricStat: {
              metric: {
                namespace: query.MetricStat.Metric.Namespace,
                name: query.MetricStat.Metric.MetricName,
                dimensions: Object.fromEntries(
                  query.MetricStat.Metric.Dimensions.map(({ Name, Value }) => [Name, Value]),
                ),
              },
              period: query.MetricStat.Period,
              stat: query.MetricStat.Stat,
            },
          }),
          returnData: query.ReturnData,
        })),
      },
      previousState: describe(before),
      state: describe(after),
    },
  };
}

/** The message to an SNS topic: subject and JSON body as CloudWatch sends them. */
export function notification(
  transition: AlarmTransition,
  accountId: string,
  region: string,
): { subject: string; body: string } {
  const { alarm, alarmArn, configuredAtMs, before, after } = transition;
  return {
    subject: `${after.state}: "${alarm.AlarmName}" in ${region}`.slice(0, 100),
    body: JSON.stringify({
      AlarmName: alarm.AlarmName,
      AlarmDescription: alarm.AlarmDescription ?? null,
      AWSAccountId: accountId,
      AlarmConfigurationUpdatedTimestamp: eventTime(configuredAtMs),
      NewStateValue: after.state,
      NewStateReason: after.reason,
      StateChangeTime: eventTime(after.updatedAtMs),
      Region: region,
      AlarmArn: alarmArn,
      OldStateValue: before.state,
      OKActions: alarm.OKActions,
      AlarmActions: alarm.AlarmActions,
      InsufficientDataActions: alarm.InsufficientDataActions,
      Trigger: {
        ...(alarm.Metrics === undefined
          ? {
              MetricName: alarm.MetricName,
              Namespace: alarm.Namespace,
              StatisticType: alarm.ExtendedStatistic === undefined ? 'Statistic' : 'ExtendedStatistic',
              Statistic: (alarm.ExtendedStatistic ?? alarm.Statistic ?? '').toUpperCase(),
              Unit: alarm.Unit ?? null,
              Dimensions: alarm.Dimensions.map(({ Name, Value }) => ({ name: Name, value: Value })),
            }
          : { Metrics: alarm.Metrics }),
        Period: alarm.Period ?? queriesOf(alarm)[0]?.MetricStat?.Period,
        EvaluationPeriods: alarm.EvaluationPeriods,
        DatapointsToAlarm: alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods,
        ComparisonOperator: alarm.ComparisonOperator,
        Threshold: alarm.Threshold,
        TreatMissingData: alarm.TreatMissingData,
      },
    }),
  };
}

function eventTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('Z', '+0000');
}
