import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { PlatformNames } from '../platform.ts';

/** Sends an alarm, and its end, to the stage's alarm topic. */
export function notifyOf(alarm: Alarm, names: PlatformNames): void {
  const action = { bind: () => ({ alarmActionArn: names.alarmTopicArn }) };
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
}
