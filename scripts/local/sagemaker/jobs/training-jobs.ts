import { join } from 'node:path';
import type { RuntimeContext } from '../../emulated-service.ts';
import { AwsError } from '../../emulated-service.ts';
import type { ListInput } from '../api/members.ts';
import type { CreateTrainingJobInput } from '../api/training-inputs.ts';
import { validationError } from '../api/validation.ts';
import { resourceArn } from '../arns.ts';
import { resolveImage } from '../images/catalogue.ts';
import { parseS3Uri } from '../role-s3.ts';
import type { StateChangeEvents } from '../state-change-events.ts';
import { listPage } from '../store/list-page.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { JobQueue } from './job-queue.ts';
import type { SecondaryStatus, TrainingJobRecord, TrainingJobStatus } from './training-record.ts';
import { describeTrainingJob, enterStage, trainingJobEvent } from './training-record.ts';
import { TrainingRun } from './training-run.ts';

/** The training operations. Jobs run one after another in child processes and survive a restart by starting again. */
export class TrainingJobs {
  readonly #context: RuntimeContext;
  readonly #store: RecordStore<TrainingJobRecord>;
  readonly #queue: JobQueue;
  readonly #events: StateChangeEvents;
  readonly #runs = new Map<string, TrainingRun>();

  constructor(
    context: RuntimeContext,
    store: RecordStore<TrainingJobRecord>,
    queue: JobQueue,
    events: StateChangeEvents,
  ) {
    this.#context = context;
    this.#store = store;
    this.#queue = queue;
    this.#events = events;
  }

  /** Takes up what the last stop interrupted. */
  resume(): void {
    for (const record of this.#store.all()) {
      const name = record.input.TrainingJobName;
      if (record.status === 'InProgress') {
        this.#enter(name, 'InProgress', 'Starting');
        this.#start(name);
      } else if (record.status === 'Stopping') this.#enter(name, 'Stopped', 'Stopped');
    }
  }

  create(input: CreateTrainingJobInput): { TrainingJobArn: string } {
    const name = input.TrainingJobName;
    if (this.#store.get(name) !== undefined)
      throw new AwsError(
        'ResourceInUse',
        `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${this.#arn(name)})`,
      );
    assertStartable(input);
    this.#context.iam.assertAssumable(input.RoleArn, 'sagemaker.amazonaws.com');
    const nowMs = this.#context.now();
    const created: TrainingJobRecord = {
      arn: this.#arn(name),
      input,
      status: 'InProgress',
      secondaryStatus: 'Starting',
      transitions: [],
      creationTimeMs: nowMs,
      lastModifiedTimeMs: nowMs,
    };
    this.#store.put(name, created);
    this.#enter(name, 'InProgress', 'Starting');
    this.#start(name);
    return { TrainingJobArn: created.arn };
  }

  describe(name: string): Record<string, unknown> {
    return describeTrainingJob(this.#require(name));
  }

  stop(name: string): void {
    const record = this.#require(name);
    if (record.status !== 'InProgress')
      throw validationError(
        `The request was rejected because the training job is in status ${record.status}.`,
      );
    this.#enter(name, 'Stopping', 'Stopping');
    void this.#runs.get(name)?.stop('StopRequested');
  }

  list(input: ListInput): Record<string, unknown> {
    const items = this.#store.all().map((record) => ({ ...record, name: record.input.TrainingJobName }));
    const { page, nextToken } = listPage(items, input);
    return {
      TrainingJobSummaries: page.map((record) => ({
        TrainingJobName: record.name,
        TrainingJobArn: record.arn,
        CreationTime: record.creationTimeMs / 1000,
        LastModifiedTime: record.lastModifiedTimeMs / 1000,
        TrainingJobStatus: record.status,
        SecondaryStatus: record.secondaryStatus,
        ...(record.trainingEndTimeMs === undefined
          ? {}
          : { TrainingEndTime: record.trainingEndTimeMs / 1000 }),
      })),
      ...(nextToken === undefined ? {} : { NextToken: nextToken }),
    };
  }

  /** Ends the children; their jobs stay InProgress and start again with the runtime. */
  async shutdown(): Promise<void> {
    await Promise.all([...this.#runs.values()].map((run) => run.stop('Shutdown')));
  }

  #arn(name: string): string {
    return resourceArn(this.#context, 'training-job', name);
  }

  #require(name: string): TrainingJobRecord {
    return this.#store.require(name, `Requested resource not found.`);
  }

  #start(name: string): void {
    const folder = join(this.#context.folder('sagemaker'), 'training', name);
    const run = new TrainingRun(this.#context, this.#require(name), folder, {
      enter: (status, secondary, changes) => this.#enter(name, status, secondary, changes),
    });
    this.#runs.set(name, run);
    this.#queue.add(async () => {
      await run.run();
      this.#runs.delete(name);
    });
  }

  #enter(
    name: string,
    status: TrainingJobStatus,
    secondary: SecondaryStatus,
    changes: Partial<TrainingJobRecord> = {},
  ): void {
    const before = this.#require(name);
    // A job that was asked to stop stays Stopping until it ends, whatever stage its program still passes.
    if (before.status === 'Stopping' && status === 'InProgress') return;
    const record = this.#store.put(
      name,
      enterStage({ ...before, ...changes }, status, secondary, this.#context.now()),
    );
    this.#events.publish(trainingJobEvent(record));
  }
}

function assertStartable(input: CreateTrainingJobInput): void {
  resolveImage(input.AlgorithmSpecification.TrainingImage);
  const { MaxRuntimeInSeconds = 86_400, MaxWaitTimeInSeconds } = input.StoppingCondition;
  if (
    input.EnableManagedSpotTraining === true &&
    (MaxWaitTimeInSeconds === undefined || MaxWaitTimeInSeconds < MaxRuntimeInSeconds)
  )
    throw validationError(
      'Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds',
    );
  if (input.EnableManagedSpotTraining !== true && MaxWaitTimeInSeconds !== undefined)
    throw validationError('MaxWaitTimeInSeconds is only valid when EnableManagedSpotTraining is true');
  const names = (input.InputDataConfig ?? []).map((channel) => channel.ChannelName);
  if (new Set(names).size < names.length)
    throw validationError(`Channel names must be unique: ${names.join(', ')}`);
  for (const channel of input.InputDataConfig ?? []) parseS3Uri(channel.DataSource.S3DataSource.S3Uri);
  parseS3Uri(input.OutputDataConfig.S3OutputPath);
}
