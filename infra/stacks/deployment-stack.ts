import type { Construct } from 'constructs';
import { ReleaseRequested } from '#events/deployment.ts';
import {
  ModelVersionQuarantined,
  ModelVersionRegistered,
  ModelVersionRegisteredV2,
} from '#events/registry.ts';
import { endpoints, packagePrefix } from '#services/deployment/contract.ts';
import {
  creatorEnvironment,
  hostingEnvironment,
  packagingEnvironment,
  releaseEnvironment,
  starterEnvironment,
  stopperEnvironment,
} from '#services/deployment/env.ts';
import { artifactPrefix, manifestPrefix } from '#services/registry/contract.ts';
import { resourcePrefix } from '#shared/kernel/names.ts';
import { AwsEventSubscription, EventSubscription } from '../constructs/event-subscription.ts';
import { HttpEndpoints } from '../constructs/http-endpoints.ts';
import { ServiceFunction, type ServiceFunctionOptions } from '../constructs/service-function.ts';
import { ServiceStack } from '../constructs/service-stack.ts';
import { ServiceStateMachine } from '../constructs/service-state-machine.ts';
import { ServiceTable } from '../constructs/service-table.ts';
import { StageSchedule } from '../constructs/stage-schedule.ts';
import { releaseMachine, releaseTimeoutSeconds } from '../machines/release.ts';
import { type Platform, sagemakerEnvironment } from '../platform.ts';

/** Alarms of canaries are named so (services/deployment/domain/canary-alarms.ts). */
const canaryAlarmPrefix = (stage: string): string => `${resourcePrefix(stage)}-canary-`;

/** The release machine, endpoints, the routing record, canaries and their alarms. */
export class DeploymentStack extends ServiceStack {
  readonly #table: ServiceTable;
  readonly #machineArn: string;

  constructor(scope: Construct, platform: Platform) {
    super(scope, platform, 'deployment');
    this.#table = new ServiceTable(this, { secondIndex: false });
    this.#machineArn = platform.stateMachineArn('release');
    new ServiceStateMachine(this, 'release', {
      ...releaseMachine(platform),
      timeoutSeconds: releaseTimeoutSeconds,
    });
    this.#beginningAndEnd();
    this.#endpoints();
    this.#canary();
    const http = this.#releaseFunction('http', 'The API of deployment', [
      'GetItem',
      'Query',
      'PutItem',
    ]).mayQuery('projects', 'registry');
    new HttpEndpoints(this, endpoints, http);
    this.#releaseFunction('query', 'Answers other services about how versions are served', ['GetItem']);
  }

  #releaseFunction(handler: string, description: string, tableActions: readonly string[]): ServiceFunction {
    const fn = new ServiceFunction(this, handler, { description, environmentSchema: releaseEnvironment });
    this.#table.grant(fn, ...tableActions);
    return fn;
  }

  #beginningAndEnd(): void {
    const starter = this.#starter('on-model-version-registered', 'Begins the release of a trained version');
    new EventSubscription(this, ModelVersionRegistered, starter);
    const clientStarter = this.#starter(
      'on-model-version-registered-v2',
      "Begins the release of a client's version",
    ).mayQuery('projects');
    new EventSubscription(this, ModelVersionRegisteredV2, clientStarter);
    this.#requested();
    this.#opener();
    this.#releaseFunction('task-close-release', 'Ends a release that does not deploy', [
      'GetItem',
      'PutItem',
      'UpdateItem',
    ]);

    const quarantined = new ServiceFunction(this, 'on-model-version-quarantined', {
      description: 'Stops the release of a version whose bytes changed',
      environment: { RELEASE_MACHINE_ARN: this.#machineArn },
      environmentSchema: stopperEnvironment,
    }).allow(['states:StopExecution'], [`${this.#machineArn.replace(':stateMachine:', ':execution:')}:*`]);
    this.#table.grant(quarantined, 'Query');
    new EventSubscription(this, ModelVersionQuarantined, quarantined);

    const ended = this.#releaseFunction('on-release-ended', 'Repairs what a dead release left behind', [
      'GetItem',
      'PutItem',
      'UpdateItem',
      'DeleteItem',
    ]);
    this.#mayRemoveAlarms(ended);
    new AwsEventSubscription(
      this,
      {
        source: 'aws.states',
        detailType: 'Step Functions Execution Status Change',
        detail: { stateMachineArn: [this.#machineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      ended,
    );
  }

  #requested(): void {
    const requested = new ServiceFunction(this, 'on-release-requested', {
      description: 'Begins the release that somebody asked for',
      environment: { RELEASE_MACHINE_ARN: this.#machineArn },
      environmentSchema: stopperEnvironment,
    })
      .mayQuery('registry')
      .allow(['states:StartExecution'], [this.#machineArn]);
    this.#table.grant(requested, 'GetItem', 'PutItem', 'UpdateItem');
    new EventSubscription(this, ReleaseRequested, requested);
  }

  #starter(handler: string, description: string): ServiceFunction {
    return new ServiceFunction(this, handler, {
      description,
      environment: { RELEASE_MACHINE_ARN: this.#machineArn },
      environmentSchema: starterEnvironment,
    }).allow(['states:StartExecution'], [this.#machineArn]);
  }

  #opener(): void {
    const open = new ServiceFunction(this, 'task-open-release', {
      description: 'Records a release, and packs what a client registered',
      environmentSchema: packagingEnvironment,
      memorySizeMb: 1024,
      timeoutSeconds: 600,
      // The model and its archive.
      ephemeralStorageMb: 1024,
    })
      .mayQuery('projects', 'feature-store', 'training')
      .allowObjects('models', packagePrefix, ['s3:PutObject']);
    this.#mayReadClientFiles(open);
    this.#table.grant(open, 'GetItem', 'PutItem');
  }

  #mayReadClientFiles(fn: ServiceFunction): void {
    for (const prefix of [artifactPrefix, manifestPrefix])
      fn.allowObjects('models', prefix, ['s3:GetObject']);
  }

  #endpoints(): void {
    const create = this.#hostingFunction('task-create-endpoint', 'Creates the endpoint of a version', {
      timeoutSeconds: 300,
      environmentSchema: creatorEnvironment,
    })
      .allow(['sagemaker:CreateModel'], [this.#sagemakerArn('model')])
      .allow(['sagemaker:CreateEndpointConfig'], [this.#sagemakerArn('endpoint-config')])
      .allow(
        ['sagemaker:CreateEndpoint'],
        [this.#sagemakerArn('endpoint'), this.#sagemakerArn('endpoint-config')],
      )
      .allow(
        ['sagemaker:AddTags'],
        ['model', 'endpoint-config', 'endpoint'].map((kind) => this.#sagemakerArn(kind)),
      )
      .allow(['sagemaker:DescribeEndpoint'], [this.#sagemakerArn('endpoint')])
      .allow(['iam:PassRole'], [this.platform.sagemakerRoleArn], {
        conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
      })
      .allowObjects('models', 'training/', ['s3:GetObject'])
      .allowObjects('models', packagePrefix, ['s3:GetObject']);
    this.#mayReadClientFiles(create);
    this.#mayAnswer(create);

    const changed = this.#hostingFunction(
      'on-endpoint-changed',
      'Answers the release that waits for an endpoint',
    ).allow(['sagemaker:DescribeEndpoint'], [this.#sagemakerArn('endpoint')]);
    this.#mayAnswer(changed);
    new AwsEventSubscription(
      this,
      {
        source: 'aws.sagemaker',
        detailType: 'SageMaker Endpoint State Change',
        detail: { EndpointName: [{ prefix: `${resourcePrefix(this.platform.stage)}-` }] },
      },
      changed,
    );

    this.#mayDelete(this.#hostingFunction('task-retire-endpoint', 'Deletes an endpoint without traffic'));
    const hourly = this.#hostingFunction('every-hour', 'Repairs what lost events left behind', {
      timeoutSeconds: 300,
    }).allow(['sagemaker:DescribeEndpoint'], [this.#sagemakerArn('endpoint')]);
    this.#mayDelete(hourly);
    this.#table.grant(hourly, 'Query');
    this.#mayAnswer(hourly);
    new StageSchedule(this, { minutes: 60 }, hourly);
  }

  #hostingFunction(
    handler: string,
    description: string,
    options: Pick<ServiceFunctionOptions, 'timeoutSeconds' | 'environmentSchema'> = {},
  ): ServiceFunction {
    const fn = new ServiceFunction(this, handler, {
      description,
      environment: sagemakerEnvironment(this.platform),
      environmentSchema: hostingEnvironment,
      ...options,
    });
    this.#table.grant(fn, 'GetItem', 'PutItem');
    return fn;
  }

  #canary(): void {
    const start = this.#releaseFunction('task-start-canary', 'Alarms, then traffic', ['GetItem', 'PutItem']);
    start.allow(['cloudwatch:PutMetricAlarm'], [this.#alarmArn]);

    const watch = this.#releaseFunction('task-watch-canary', 'Waits for an alarm of the canary', [
      'GetItem',
      'PutItem',
    ]);
    this.#mayReadAlarms(watch);
    this.#mayFail(watch);

    const alarmed = this.#releaseFunction('on-canary-alarm', 'Ends a canary whose alarm fired', ['GetItem']);
    this.#mayFail(alarmed);
    new AwsEventSubscription(
      this,
      {
        source: 'aws.cloudwatch',
        detailType: 'CloudWatch Alarm State Change',
        detail: {
          alarmName: [{ prefix: canaryAlarmPrefix(this.platform.stage) }],
          state: { value: ['ALARM'] },
        },
      },
      alarmed,
    );

    const judge = new ServiceFunction(this, 'task-judge-canary', {
      description: 'Looks at the alarms at the end of the bake',
    });
    this.#mayReadAlarms(judge);
    for (const [handler, description] of [
      ['task-promote-version', 'All traffic to the version'],
      ['task-roll-back-version', 'All traffic to the version before'],
    ] as const) {
      this.#mayRemoveAlarms(
        this.#releaseFunction(handler, description, ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem']),
      );
    }
  }

  #mayDelete(fn: ServiceFunction): void {
    fn.allow(['sagemaker:DeleteEndpoint'], [this.#sagemakerArn('endpoint')])
      .allow(['sagemaker:DeleteEndpointConfig'], [this.#sagemakerArn('endpoint-config')])
      .allow(['sagemaker:DeleteModel'], [this.#sagemakerArn('model')]);
  }

  #mayAnswer(fn: ServiceFunction): void {
    this.#mayFail(fn.allow(['states:SendTaskSuccess'], [this.#machineArn]));
  }

  #mayFail(fn: ServiceFunction): void {
    fn.allow(['states:SendTaskFailure'], [this.#machineArn]);
  }

  #mayReadAlarms(fn: ServiceFunction): void {
    fn.allow(['cloudwatch:DescribeAlarms'], [this.#alarmArn]);
  }

  #mayRemoveAlarms(fn: ServiceFunction): void {
    fn.allow(['cloudwatch:DeleteAlarms'], [this.#alarmArn]);
  }

  get #alarmArn(): string {
    return this.platform.arn('cloudwatch', `alarm:${canaryAlarmPrefix(this.platform.stage)}*`);
  }

  #sagemakerArn(resource: string): string {
    return this.platform.arn('sagemaker', `${resource}/${resourcePrefix(this.platform.stage)}-*`);
  }
}
