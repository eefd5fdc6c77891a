import { Duration } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { functionName } from '#shared/kernel/names.ts';
import type { ServiceFunction } from './service-function.ts';
import type { ServiceStack } from './service-stack.ts';

/** Calls a function (`every-<period>`) at a rate, for as long as the stage stands. */
export class StageSchedule extends Construct {
  constructor(stack: ServiceStack, rate: { minutes: number }, target: ServiceFunction) {
    super(target, 'Schedule');
    target.deadLetterAsynchronousFailures();
    new Schedule(this, 'Schedule', {
      scheduleName: functionName(stack.platform.stage, stack.service, target.handler),
      description: `Calls ${target.handler} of ${stack.service}`,
      schedule: ScheduleExpression.rate(Duration.minutes(rate.minutes)),
      target: new LambdaInvoke(target.function, {
        input: ScheduleTargetInput.fromObject({}),
        deadLetterQueue: stack.deadLetters,
        maxEventAge: Duration.hours(1),
        retryAttempts: 3,
      }),
    });
  }
}
