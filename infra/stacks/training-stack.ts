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
import { managedImagesArn, type Platform, sagemakerEnvironment } from '../platform.ts';

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
    const onNewest = [
      this.#asks('on-validation-completed', ValidationCompleted, 'New validated data asks for a training'),
      this.#asks('on-drift-detected', DriftDetected, 'Drift asks for a training'),
      this.#asks('on-performance-measured', PerformanceMeasured, 'Degraded performance asks for a training'),
    ];
    for (const fn of onNewest) fn.mayQuery('validation');

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

  #asks(handler: string, event: EventDefinition, description: string): ServiceFunction {
    const fn = this.#governorFunction(handler, description);
    new EventSubscription(this, event, fn);
    return fn;
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
    const plan = new ServiceFunction(this, 'task-plan-training', {
      description: 'Turns the project and the training set into an exact plan',
      environment: { CODE_VERSION: codeVersion() },
      environmentSchema: planEnvironment,
    }).mayQuery('projects', 'registry', 'deployment');
    const query = new ServiceFunction(this, 'query', {
      description: 'Answers other services about the image that trains and serves',
    });
    for (const fn of [plan, query])
      fn.allow(['ecr:BatchGetImage'], [managedImagesArn(this.platform)], {
        reason: 'The managed images live in accounts of AWS, another one in each region.',
      });
  }

  #jobs(): void {
    const start = this.#jobFunction('task-start-training-job', 'Creates the training job of an execution');
    this.#settlesTrainingJobs(start);
    this.#mayCreate(start, { CreateTrainingJob: 'training-job' });
    // Releases wait for transform jobs, too.
    const both = [this.#machineArn, this.platform.stateMachineArn('release')];
    const transform = this.#jobFunction('task-start-transform-job', 'Creates a batch transform job', both);
    this.#settlesTransformJobs(transform);
    this.#mayCreate(transform, { CreateModel: 'model', CreateTransformJob: 'transform-job' });

    const watcher = this.#jobFunction(
      'on-sagemaker-job-changed',
      'Answers the execution that waits for a job',
      both,
    );
    this.#settlesTrainingJobs(watcher);
    this.#settlesTransformJobs(watcher);
    const prefix = [{ prefix: `${resourcePrefix(this.platform.stage)}-` }];
    for (const kind of ['Training', 'Transform']) {
      const detailType = `SageMaker ${kind} Job State Change`;
      const detail = { [`${kind}JobName`]: prefix };
      new AwsEventSubscription(this, { source: 'aws.sagemaker', detailType, detail }, watcher);
    }
    this.#reconciler(both);
  }

  #reconciler(waiting: readonly string[]): void {
    const reconciler = this.#jobFunction('every-hour', 'Repairs what lost events left behind', waiting)
      .addEnvironment('STATE_MACHINE_ARN', this.#machineArn)
      .mayQuery('projects', 'registry')
      .allow(['states:StartExecution'], [this.#machineArn])
      .allow(['states:DescribeExecution'], [`${this.#executionArn}:*`])
      .allow(['sagemaker:StopTrainingJob'], [this.#sagemakerArn('training-job')])
      .allow(['sagemaker:StopTransformJob'], [this.#sagemakerArn('transform-job')]);
    this.#settlesTrainingJobs(reconciler);
    this.#settlesTransformJobs(reconciler);
    this.#table.grant(reconciler, 'PutItem');
    this.#table.grantIndexQuery(reconciler);
    new StageSchedule(this, { minutes: 60 }, reconciler);
  }

  /** A function that answers executions (`waiting`: of which machines) for jobs that ended: any of them may be the first to see the end. */
  #jobFunction(
    handler: string,
    description: string,
    waiting: readonly string[] = [this.#machineArn],
  ): ServiceFunction {
    const fn = new ServiceFunction(this, handler, {
      description,
      environment: sagemakerEnvironment(this.platform),
      environmentSchema: jobEnvironment,
      buckets: ['models', 'data'],
      timeoutSeconds: 300,
    }).allow(['states:SendTaskSuccess', 'states:SendTaskFailure'], [...waiting]);
    this.#table.grant(fn, 'GetItem', 'UpdateItem');
    return fn;
  }

  #settlesTrainingJobs(fn: ServiceFunction): void {
    fn.allow(['sagemaker:DescribeTrainingJob'], [this.#sagemakerArn('training-job')]).allowObjects(
      'models',
      'training/',
      ['s3:GetObject'],
    );
  }

  #settlesTransformJobs(fn: ServiceFunction): void {
    fn.allow(['sagemaker:DescribeTransformJob'], [this.#sagemakerArn('transform-job')])
      .allow(['sagemaker:DeleteModel'], [this.#sagemakerArn('model')])
      .allowObjects('data', 'transform/', ['s3:GetObject']);
  }

  /** @param kinds what each action makes */
  #mayCreate(fn: ServiceFunction, kinds: Readonly<Record<string, string>>): void {
    const { sagemakerRoleArn } = this.platform;
    this.#table.grant(fn, 'PutItem');
    for (const [action, kind] of Object.entries(kinds)) {
      fn.allow([`sagemaker:${action}`], [this.#sagemakerArn(kind)]);
    }
    fn.allow(
      ['sagemaker:AddTags'],
      Object.values(kinds).map((kind) => this.#sagemakerArn(kind)),
    ).allow(['iam:PassRole'], [sagemakerRoleArn], {
      conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    });
  }

  #endpoints(): void {
    const http = this.#governorFunction('http', 'The training endpoints').mayQuery('validation');
    this.#table.grantIndexQuery(http);
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
