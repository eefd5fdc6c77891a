import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { PlatformNames } from '../platform.ts';

/** What an alarm of a stage looks at and says. */
export interface StageAlarmOptions {
  readonly alarmName: string;
  /** What happened, and what to do. */
  readonly alarmDescription: string;
  readonly metric: IMetric;
  readonly threshold: number;
}

/** An alarm for whoever answers for the stage: one period at or above the threshold raises it, and no data means that all is well. */
export function stageAlarm(
  scope: Construct,
  id: string,
  names: PlatformNames,
  options: StageAlarmOptions,
): void {
  const alarm = new Alarm(scope, id, {
    ...options,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  notifyOf(alarm, names);
}

/** Sends an alarm, and its end, to the stage's alarm topic. */
function notifyOf(alarm: Alarm, names: PlatformNames): void {
  const action = { bind: () => ({ alarmActionArn: names.alarmTopicArn }) };
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
}
