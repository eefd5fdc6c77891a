import {
  type CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import type { CanaryAlarm } from '../domain/canary-alarms.ts';
import type { Alarms } from '../ports.ts';

/** Canary alarms live as long as the canary: made before it gets traffic, removed when it is decided. */
export function createAlarms(client: CloudWatchClient): Alarms {
  return {
    async create(alarms) {
      await Promise.all(alarms.map((alarm) => client.send(new PutMetricAlarmCommand(requestOf(alarm)))));
    },
    async states(alarmNames) {
      if (alarmNames.length === 0) return new Map();
      const { MetricAlarms = [] } = await client.send(
        new DescribeAlarmsCommand({ AlarmNames: [...alarmNames], AlarmTypes: ['MetricAlarm'] }),
      );
      return new Map(
        MetricAlarms.flatMap(({ AlarmName, StateValue }) =>
          AlarmName && StateValue ? [[AlarmName, StateValue] as const] : [],
        ),
      );
    },
    async remove(alarmNames) {
      if (alarmNames.length > 0) await client.send(new DeleteAlarmsCommand({ AlarmNames: [...alarmNames] }));
    },
  };
}

/** No data means no traffic in that period: not a reason to roll back. */
function requestOf(alarm: CanaryAlarm) {
  return {
    AlarmName: alarm.alarmName,
    AlarmDescription: alarm.description,
    Namespace: alarm.namespace,
    MetricName: alarm.metricName,
    Dimensions: Object.entries(alarm.dimensions).map(([Name, Value]) => ({ Name, Value })),
    ...(alarm.statistic === 'p99' ? { ExtendedStatistic: alarm.statistic } : { Statistic: alarm.statistic }),
    Period: alarm.periodSeconds,
    EvaluationPeriods: 1,
    DatapointsToAlarm: 1,
    Threshold: alarm.threshold,
    ComparisonOperator: 'GreaterThanThreshold' as const,
    TreatMissingData: 'notBreaching',
  };
}
