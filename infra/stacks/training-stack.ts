import { readFileSync } from 'node:fs';
import type { Construct } from 'constructs';
import { DriftDetected, PerformanceMeasured } from '#events/monitoring.ts';
import { TrainingRequested } from '#events/training.ts';
import { ValidationCompleted } from '#events/validation.ts';
import { endpoints } from '#services/training/contract.ts';
import { environment, jobEnvironment, machineEnvironment, planEnvironment } from '#services/training/env.ts';
import type { EventDefinition } from '#shared/contracts/event.ts';
import { resourcePrefix } from '#shared/kernel/names.ts';
import { AwsEventSubscription, EventSubscription } from '../constructs/event-subscription.ts';
import { HttpEndpoints } from '../constructs/http-endpoints.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { ServiceStack } from '../constructs/service-stack.ts';
import { ServiceStateMachine } from '../constructs/service-state-machine.ts';
import { ServiceTable } from '../constructs/service-table.ts';
import { StageSchedule } from '../constructs/stage-schedule.ts';
import { trainingMachine, trainingTimeoutSeconds } from '../machines/training.ts';
import type { Platform } from '../platform.ts';

/** The governor, the training machine, and what starts and watches SageMaker's jobs. */
export class TrainingStack extends ServiceStack {
  readonly #table: ServiceTable;
  readonly #machineArn: string;

  constructor(scope: Construct, platform: Platform) {
    super(scope, platform, 'training');
    this.#table = new ServiceTable(this);
    this.#machineArn = platform.stateMachineArn('training');
    new ServiceStateMachine(this, 'training', {
      ...trainingMachine(platform),
      timeoutSeconds: trainingTimeoutSeconds,
    });
    this.#governor();
    this.#plan();
    this.#jobs();
    this.#endpoints();
  }

  /** Facts that ask for a training, the one that begins it, and the tasks and events that end it. */
  #governor(): void {
    this.#asks('on-validation-completed', ValidationCompleted, 'New validated data asks for a training');
    this.#asks('on-drift-detected', DriftDetected, 'Drift asks for a training');
    this.#asks('on-performance-measured', PerformanceMeasured, 'Degraded performance asks for a training');

    const starter = new ServiceFunction(this, 'on-training-requested', {
      description: 'Starts the training machine',
      environment: { STATE_MACHINE_ARN: this.#machineArn },
      environmentSchema: machineEnvironment,
      memorySizeMb: 256,
    }).allow(['states:StartExecution'], [this.#machineArn]);
    this.#table.grant(starter, 'GetItem');
    new EventSubscription(this, TrainingRequested, starter);

    this.#governorFunction('task-complete-training', 'Ends a flight with a model version');
    this.#governorFunction('task-fail-training', 'Ends a flight without a model version');
    const ended = this.#governorFunction('on-execution-ended', 'Ends the flight of an execution that died');
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

  #asks(handler: string, event: EventDefinition, description: string): void {
    const fn = this.#governorFunction(handler, description).mayQuery('validation');
    new EventSubscription(this, event, fn);
  }

  /** A function that lets the governor decide: it asks for the project and its champion. */
  #governorFunction(handler: string, description: string): ServiceFunction {
    const fn = new ServiceFunction(this, handler, {
      description,
      environmentSchema: environment,
    }).mayQuery('projects', 'registry');
    this.#table.grant(fn, 'GetItem', 'PutItem');
    return fn;
  }

  #plan(): void {
    new ServiceFunction(this, 'task-plan-training', {
      description: 'Turns the project and the training set into an exact plan',
      environment: { CODE_VERSION: codeVersion() },
      environmentSchema: planEnvironment,
    }).mayQuery('projects', 'registry');
  }

  #jobs(): void {
    const start = this.#jobFunction('task-start-training-job', 'Creates the training job of an execution');
    this.#mayCreate(start, ['CreateTrainingJob'], ['training-job']);
    const transform = this.#jobFunction('task-start-transform-job', 'Creates a batch transform job');
    this.#mayCreate(transform, ['CreateModel', 'CreateTransformJob'], ['model', 'transform-job']);

    const watcher = this.#jobFunction(
      'on-sagemaker-job-changed',
      'Answers the execution that waits for a job',
    );
    const prefix = [{ prefix: `${resourcePrefix(this.platform.stage)}-` }];
    new AwsEventSubscription(
      this,
      {
        source: 'aws.sagemaker',
        detailType: 'SageMaker Training Job State Change',
        detail: { TrainingJobName: prefix },
      },
      watcher,
    );
    new AwsEventSubscription(
      this,
      {
        source: 'aws.sagemaker',
        detailType: 'SageMaker Transform Job State Change',
        detail: { TransformJobName: prefix },
      },
      watcher,
    );

    const reconciler = this.#jobFunction('every-hour', 'Repairs what lost events left behind')
      .addEnvironment('STATE_MACHINE_ARN', this.#machineArn)
      .mayQuery('projects', 'registry')
      .allow(['states:StartExecution'], [this.#machineArn])
      .allow(['sagemaker:StopTrainingJob'], [this.#sagemakerArn('training-job')])
      .allow(['sagemaker:StopTransformJob'], [this.#sagemakerArn('transform-job')])
      .allow(['states:DescribeExecution'], [`${this.#executionArn}:*`]);
    this.#table.grant(reconciler, 'PutItem', 'Query');
    new StageSchedule(this, { minutes: 60 }, reconciler);
  }

  /** A function that asks SageMaker what became of a job and answers the execution: any of them may be the first to see the end. */
  #jobFunction(handler: string, description: string): ServiceFunction {
    const { sagemakerRoleArn } = this.platform;
    const fn = new ServiceFunction(this, handler, {
      description,
      environment: { SAGEMAKER_ROLE_ARN: sagemakerRoleArn },
      environmentSchema: jobEnvironment,
      timeoutSeconds: 300,
    })
      .allow(['sagemaker:DescribeTrainingJob'], [this.#sagemakerArn('training-job')])
      .allow(['sagemaker:DescribeTransformJob'], [this.#sagemakerArn('transform-job')])
      .allow(['sagemaker:DeleteModel'], [this.#sagemakerArn('model')])
      .allow(['states:SendTaskSuccess', 'states:SendTaskFailure'], [this.#machineArn])
      .allowObjects('models', 'training/', ['s3:GetObject'])
      .allowObjects('data', 'transform/', ['s3:GetObject']);
    this.#table.grant(fn, 'GetItem', 'UpdateItem');
    return fn;
  }

  #mayCreate(fn: ServiceFunction, actions: readonly string[], resources: readonly string[]): void {
    const { sagemakerRoleArn } = this.platform;
    this.#table.grant(fn, 'PutItem');
    fn.allow(
      [...actions.map((action) => `sagemaker:${action}`), 'sagemaker:AddTags'],
      resources.map((resource) => this.#sagemakerArn(resource)),
    ).allow(['iam:PassRole'], [sagemakerRoleArn], {
      conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    });
  }

  #endpoints(): void {
    const http = this.#governorFunction('http', 'The training endpoints').mayQuery('validation');
    this.#table.grant(http, 'Query');
    new HttpEndpoints(this, endpoints, http);
  }

  #sagemakerArn(resource: string): string {
    return this.platform.arn('sagemaker', `${resource}/${resourcePrefix(this.platform.stage)}-*`);
  }

  get #executionArn(): string {
    return this.#machineArn.replace(':stateMachine:', ':execution:');
  }
}

/** Version of the platform's code, recorded with every training. */
function codeVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
