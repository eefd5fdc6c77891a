import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { ServiceName } from '#shared/kernel/names.ts';
import { deadLetterQueueName, type Platform } from '../platform.ts';
import { PlatformStack } from '../stacks/platform-stack.ts';
import { acceptRisk } from './accepted-risk.ts';
import { stageAlarm } from './alarm.ts';
import { keptWhereProtected } from './removal.ts';

/** The stack of one service: what it owns, its functions, and one dead-letter queue for all that they could not do. */
export abstract class ServiceStack extends PlatformStack {
  readonly platform: Platform;
  readonly service: ServiceName;
  readonly deadLetters: Queue;

  constructor(scope: Construct, platform: Platform, service: ServiceName) {
    super(scope, platform, service, `service ${service}`);
    this.platform = platform;
    this.service = service;
    this.deadLetters = new Queue(this, 'DeadLetters', {
      queueName: deadLetterQueueName(platform.stage, service),
      encryption: QueueEncryption.SQS_MANAGED,
      retentionPeriod: Duration.days(14),
      removalPolicy: keptWhereProtected(platform.config),
      enforceSSL: true,
    });
    acceptRisk(this.deadLetters, 'AwsSolutions-SQS3', 'This queue is the dead-letter queue.');
    if (platform.config.alarms) this.#alarmOnFirstDeadLetter();
  }

  #alarmOnFirstDeadLetter(): void {
    stageAlarm(this, 'DeadLettersAlarm', this.platform, {
      alarmName: deadLetterQueueName(this.platform.stage, this.service),
      alarmDescription: `Something that ${this.service} had to do failed for good. Read the queue's messages, mend the cause, send them again.`,
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: Duration.minutes(5),
      }),
      threshold: 1,
    });
  }
}
