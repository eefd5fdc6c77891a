import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { functionName } from '#shared/kernel/names.ts';
import { stageAlarm } from '../constructs/alarm.ts';
import { alarmNames, alarmTopicName, type PlatformNames } from '../platform.ts';
import { PlatformStack } from './platform-stack.ts';

/** The topic that every alarm goes to, and the alarm on the function that every request passes through. */
export class ObservabilityStack extends PlatformStack {
  constructor(scope: Construct, names: PlatformNames) {
    super(scope, names, 'observability', 'where alarms go');
    const topic = new Topic(this, 'Alarms', {
      topicName: alarmTopicName(names.stage),
      displayName: `Millrace ${names.stage} alarms`,
      enforceSSL: true,
    });
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    const { alarmEmail } = names.config;
    if (alarmEmail) topic.addSubscription(new EmailSubscription(alarmEmail));
    if (names.config.alarms) this.#alarmOnAuthorizerErrors(names);
  }

  #alarmOnAuthorizerErrors(names: PlatformNames): void {
    stageAlarm(this, 'AuthorizerErrorsAlarm', names, {
      alarmName: alarmNames(names.stage).authorizerErrors,
      alarmDescription: 'The authorizer fails, so requests are refused whatever their token. Read its log.',
      metric: new Metric({
        namespace: 'AWS/Lambda',
        metricName: 'Errors',
        dimensionsMap: { FunctionName: functionName(names.stage, 'identity', 'authorizer') },
        statistic: 'Sum',
        period: Duration.minutes(5),
      }),
      threshold: 1,
    });
  }
}
