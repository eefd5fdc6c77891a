import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { TaskDefinition } from '#shared/contracts/call.ts';
import { type MachineName, stateMachineName } from '#shared/kernel/names.ts';
import { acceptRisk } from './accepted-risk.ts';
import { dependOnPolicyOf } from './policy-order.ts';
import { keptWhereProtected } from './removal.ts';
import type { ServiceStack } from './service-stack.ts';
import type { StateMachineDefinition } from './states-language.ts';

export interface ServiceStateMachineOptions {
  readonly definition: StateMachineDefinition;
  /** Every task that the definition calls, and no other: the machine's role may invoke exactly these. */
  readonly tasks: readonly TaskDefinition[];
  readonly timeoutSeconds: number;
}

/** One of the platform's state machines: JSONata, logged without the data, traced. */
export class ServiceStateMachine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(stack: ServiceStack, name: MachineName, options: ServiceStateMachineOptions) {
    super(stack, `${name}-machine`);
    const { platform } = stack;
    const stateMachineFullName = stateMachineName(platform.stage, name);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: `What the state machine ${stateMachineFullName} may do.`,
    });
    dependOnPolicyOf(role);
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: stateMachineFullName,
      comment: options.definition.Comment,
      definitionBody: DefinitionBody.fromString(
        stack.toJsonString({
          QueryLanguage: 'JSONata',
          ...options.definition,
          TimeoutSeconds: options.timeoutSeconds,
        }),
      ),
      role,
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, 'Logs', {
          // Below this prefix log groups share one resource policy, whose size is limited.
          logGroupName: `/aws/vendedlogs/states/${stateMachineFullName}`,
          retention: platform.config.logRetentionDays,
          removalPolicy: keptWhereProtected(platform.config),
        }),
        level: LogLevel.ALL,
        includeExecutionData: false,
      },
    });
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: options.tasks.map(({ service, handler }) => platform.functionArn(service, handler)),
      }),
    );
    acceptRisk(
      role.node.findChild('DefaultPolicy'),
      'AwsSolutions-IAM5',
      'X-Ray, and the delivery of logs by CloudWatch, take no narrower resource than *.',
    );
  }
}
