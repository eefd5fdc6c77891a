import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { functionName } from '#shared/kernel/names.ts';
import { dependOnPolicyOf } from './policy-order.ts';
import type { ServiceFunction } from './service-function.ts';
import type { ServiceStack } from './service-stack.ts';

/** Calls a function (`every-<period>`) at a rate, for as long as the stage stands. */
export class StageSchedule extends Construct {
  constructor(stack: ServiceStack, rate: { minutes: number }, target: ServiceFunction) {
    super(target, 'Schedule');
    target.deadLetterAsynchronousFailures();
    const name = functionName(stack.platform.stage, stack.service, target.handler);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
      description: `What the schedule ${name} may do.`,
    });
    dependOnPolicyOf(role);
    const { queueArn } = stack.deadLetters;
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] }),
    );
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queueArn] }));
    const schedule = new CfnSchedule(this, 'Schedule', {
      name,
      description: `Calls ${target.handler} of ${stack.service}`,
      scheduleExpression: rateExpression(rate.minutes),
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: target.functionArn,
        roleArn: role.roleArn,
        input: '{}',
        deadLetterConfig: { arn: queueArn },
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 3 },
      },
    });
    // EventBridge Scheduler tries the role when the schedule is made.
    schedule.node.addDependency(role);
  }
}

const rateExpression = (minutes: number): string =>
  `rate(${minutes} ${minutes === 1 ? 'minute' : 'minutes'})`;
