import { Duration } from 'aws-cdk-lib';
import { CfnApi, CfnAuthorizer, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { resourcePrefix } from '#shared/kernel/names.ts';
import { alarmNames, type PlatformNames } from '../platform.ts';
import { stageAlarm } from './alarm.ts';
import { invocationUri, tokenSource } from './authorizer.ts';
import { keptWhereProtected } from './removal.ts';

/** Members of one line of the access log, by API Gateway's names. */
const accessLogMembers = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  route: '$context.routeKey',
  path: '$context.path',
  status: '$context.status',
  responseBytes: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  caller: '$context.authorizer.principalId',
  authorizerError: '$context.authorizer.error',
  integrationError: '$context.integrationErrorMessage',
};

/** The HTTP API of the platform: throttled, logged, every route behind the identity service's authorizer unless it says otherwise. */
export class PlatformApi extends Construct {
  readonly apiId: string;
  readonly authorizerId: string;
  readonly url: string;
  /** A reference: whoever uses it waits for the stage. */
  readonly stageName: string;

  constructor(scope: Construct, id: string, names: PlatformNames) {
    super(scope, id);
    const name = `${resourcePrefix(names.stage)}-platform`;
    const api = new CfnApi(this, 'Api', {
      name,
      description: `Platform API of Millrace ${names.stage}`,
      protocolType: 'HTTP',
    });
    this.apiId = api.ref;
    this.url = api.attrApiEndpoint;
    const { identitySources, ttlSeconds } = tokenSource(names, '$request.header.Authorization');
    this.authorizerId = new CfnAuthorizer(this, 'Authorizer', {
      apiId: api.ref,
      name: `${name}-identity`,
      authorizerType: 'REQUEST',
      authorizerUri: invocationUri(names, names.liveFunctionArn('identity', 'authorizer')),
      authorizerPayloadFormatVersion: '2.0',
      enableSimpleResponses: true,
      authorizerResultTtlInSeconds: ttlSeconds,
      ...(identitySources.length > 0 ? { identitySource: identitySources } : {}),
    }).ref;
    this.stageName = this.#stage(names, name);
    if (names.config.alarms) this.#alarmOnServerErrors(names);
  }

  #stage(names: PlatformNames, name: string): string {
    const logs = new LogGroup(this, 'AccessLogs', {
      logGroupName: `/aws/vendedlogs/apis/${name}`,
      retention: names.config.logRetentionDays,
      removalPolicy: keptWhereProtected(names.config),
    });
    const { requestsPerSecond, burst } = names.config.throttles;
    return new CfnStage(this, 'Stage', {
      apiId: this.apiId,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: { destinationArn: logs.logGroupArn, format: JSON.stringify(accessLogMembers) },
      defaultRouteSettings: { throttlingRateLimit: requestsPerSecond, throttlingBurstLimit: burst },
    }).ref;
  }

  #alarmOnServerErrors(names: PlatformNames): void {
    stageAlarm(this, 'ServerErrorsAlarm', names, {
      alarmName: alarmNames(names.stage).platformErrors,
      alarmDescription:
        'The platform API answers 5xx. Read the access log and the log of the function behind the route.',
      metric: new Metric({
        namespace: 'AWS/ApiGateway',
        metricName: '5xx',
        dimensionsMap: { ApiId: this.apiId },
        statistic: 'Sum',
        period: Duration.minutes(5),
      }),
      threshold: 5,
    });
  }
}
