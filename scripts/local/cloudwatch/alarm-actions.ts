import type { Principal, RuntimeContext } from '../emulated-service.ts';
import { type AlarmTransition, notification, stateChangeEvent } from './alarm-messages.ts';

/** Tells the world of a changed state: the event on the default bus, and the alarm's actions. One that fails does not hold up the others. */
export function announce(context: RuntimeContext, transition: AlarmTransition): void {
  const { alarm, after } = transition;
  const actions = {
    OK: alarm.OKActions,
    ALARM: alarm.AlarmActions,
    INSUFFICIENT_DATA: alarm.InsufficientDataActions,
  }[after.state];
  const deliveries = [
    context.events.publish([stateChangeEvent(transition)]),
    ...(alarm.ActionsEnabled ? actions.map((action) => act(context, action, transition)) : []),
  ];
  for (const delivery of deliveries) {
    delivery.catch((error: unknown) =>
      context.log('cloudwatch', 'alarm action failed', { alarm: alarm.AlarmName, error: String(error) }),
    );
  }
}

async function act(context: RuntimeContext, actionArn: string, transition: AlarmTransition): Promise<void> {
  const sourceArn = transition.alarmArn;
  if (actionArn.startsWith('arn:aws:sns:')) {
    const message = notification(transition, context.accountId, context.region);
    const principal: Principal = { kind: 'service', service: 'cloudwatch.amazonaws.com', sourceArn };
    await context.sns.publish(actionArn, message, { principal });
    return;
  }
  const service = 'lambda.alarms.cloudwatch.amazonaws.com';
  const event = {
    source: 'aws.cloudwatch',
    alarmArn: sourceArn,
    accountId: context.accountId,
    time: new Date(transition.after.updatedAtMs).toISOString(),
    region: context.region,
    alarmData: stateChangeEvent(transition).detail,
  };
  await context.lambda.invoke(actionArn, event, {
    type: 'Event',
    principal: { kind: 'service', service, sourceArn },
  });
}
