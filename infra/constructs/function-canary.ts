import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnApplication, CfnDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Alias, CfnAlias } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { functionName, resourcePrefix, type ServiceName } from '#shared/kernel/names.ts';
import { alarmNames, type FunctionCanary, type PlatformNames } from '../platform.ts';
import { acceptRisk } from './accepted-risk.ts';
import { stageAlarm } from './alarm.ts';
import type { ServiceFunction } from './service-function.ts';
import type { ServiceStack } from './service-stack.ts';

/** CodeDeploy's own configuration: a tenth of the calls for five minutes, then all. */
const canaryConfiguration = 'CodeDeployDefault.LambdaCanary10Percent5Minutes';

/**
 * What the canaries of a stage share: the CodeDeploy application, the role that CodeDeploy moves aliases by, and the alarms that
 * stop a canary. They watch the two APIs and the authorizer as callers see them, whichever function is being deployed.
 */
export class CanaryDeployments extends Construct implements FunctionCanary {
  readonly applicationName: string;
  readonly alarmNames: readonly string[];
  readonly #names: PlatformNames;
  readonly #role: Role;

  constructor(scope: Construct, names: PlatformNames) {
    super(scope, 'CanaryDeployments');
    this.#names = names;
    this.applicationName = resourcePrefix(names.stage);
    const alarms = alarmNames(names.stage);
    this.alarmNames = [alarms.platformErrors, alarms.predictionErrors, alarms.authorizerErrors];
    new CfnApplication(this, 'Application', {
      applicationName: this.applicationName,
      computePlatform: 'Lambda',
    });
    this.#role = new Role(this, 'Role', {
      roleName: names.codeDeployRoleName,
      assumedBy: new ServicePrincipal('codedeploy.amazonaws.com'),
      description: `What CodeDeploy may do for ${this.applicationName}: move the aliases of API functions.`,
    });
    this.#role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['cloudwatch:DescribeAlarms'],
        resources: [names.arn('cloudwatch', 'alarm:*')],
      }),
    );
    acceptRisk(
      this.#role.node.findChild('DefaultPolicy'),
      'AwsSolutions-IAM5',
      'DescribeAlarms is decided for all alarms of an account and region; numbers of versions are made by deployments.',
    );
    this.#alarmOnPredictionErrors(names, alarms.predictionErrors);
  }

  admit(service: ServiceName, handler: string): void {
    const allow = (actions: readonly string[], resource: string) =>
      this.#role.addToPrincipalPolicy(new PolicyStatement({ actions: [...actions], resources: [resource] }));
    allow(['lambda:GetAlias', 'lambda:UpdateAlias'], this.#names.functionArn(service, handler));
    allow(['lambda:GetProvisionedConcurrencyConfig'], `${this.#names.functionArn(service, handler)}:*`);
  }

  #alarmOnPredictionErrors(names: PlatformNames, alarmName: string): void {
    stageAlarm(this, 'PredictionErrorsAlarm', names, {
      alarmName,
      alarmDescription:
        'The prediction API answers 5xx. Read the log of the function behind it. A canary that is under way goes back.',
      metric: new Metric({
        namespace: 'AWS/ApiGateway',
        metricName: '5XXError',
        dimensionsMap: { ApiName: `${resourcePrefix(names.stage)}-predictions` },
        statistic: 'Sum',
        period: Duration.minutes(5),
      }),
      threshold: 5,
    });
  }
}

/** Has CodeDeploy move the alias, where the stage deploys by canary. CodeDeploy runs one deployment of a group at a time, so each function has its own. */
export function shiftByCanary(stack: ServiceStack, target: ServiceFunction, alias: Alias): void {
  const { api, stage, codeDeployRoleArn } = stack.platform;
  if (!api.canary) return;
  api.canary.admit(stack.service, target.handler);
  const group = new CfnDeploymentGroup(target, 'Canary', {
    applicationName: api.canary.applicationName,
    deploymentGroupName: functionName(stage, stack.service, target.handler),
    serviceRoleArn: codeDeployRoleArn,
    deploymentConfigName: canaryConfiguration,
    deploymentStyle: { deploymentOption: 'WITH_TRAFFIC_CONTROL', deploymentType: 'BLUE_GREEN' },
    alarmConfiguration: { enabled: true, alarms: api.canary.alarmNames.map((name) => ({ name })) },
    autoRollbackConfiguration: {
      enabled: true,
      events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
    },
  });
  const resource = alias.node.defaultChild as CfnAlias;
  resource.cfnOptions.updatePolicy = {
    codeDeployLambdaAliasUpdate: {
      applicationName: api.canary.applicationName,
      deploymentGroupName: group.ref,
    },
  };
}
