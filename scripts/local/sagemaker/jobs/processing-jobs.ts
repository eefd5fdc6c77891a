import { join } from 'node:path';
import type { RuntimeContext } from '../../emulated-service.ts';
import { AwsError } from '../../emulated-service.ts';
import type { ListInput } from '../api/members.ts';
import type { CreateProcessingJobInput } from '../api/processing-inputs.ts';
import { validationError } from '../api/validation.ts';
import { resourceArn } from '../arns.ts';
import { parseS3Uri } from '../role-s3.ts';
import type { StateChangeEvents } from '../state-change-events.ts';
import { listPage } from '../store/list-page.ts';
import type { RecordStore } from '../store/record-store.ts';
import { JobLives } from './job-lives.ts';
import type { JobQueue } from './job-queue.ts';
import { resolveCommand } from './processing-command.ts';
import type { ProcessingJobRecord } from './processing-record.ts';
import { describeProcessingJob, processingJobEvent, summarizeProcessingJob } from './processing-record.ts';
import { ProcessingRun } from './processing-run.ts';

/** The processing operations. An interrupted job starts again with the runtime. */
export class ProcessingJobs {
  readonly #context: RuntimeContext;
  readonly #store: RecordStore<ProcessingJobRecord>;
  readonly #lives: JobLives<ProcessingJobRecord>;
  readonly #events: StateChangeEvents;

  constructor(
    context: RuntimeContext,
    store: RecordStore<ProcessingJobRecord>,
    queue: JobQueue,
    events: StateChangeEvents,
  ) {
    this.#context = context;
    this.#store = store;
    this.#events = events;
    this.#lives = new JobLives({
      context,
      store,
      queue,
      events,
      kind: 'processing job',
      eventOf: processingJobEvent,
    });
  }

  /** Takes up what the last stop interrupted. */
  resume(): void {
    for (const { status, input } of this.#store.all()) {
      if (status === 'InProgress') this.#start(input.ProcessingJobName);
      else if (status === 'Stopping')
        this.#lives.enter(input.ProcessingJobName, 'Stopped', { endTimeMs: this.#context.now() });
    }
  }

  create(input: CreateProcessingJobInput): { ProcessingJobArn: string } {
    const name = input.ProcessingJobName;
    const arn = resourceArn(this.#context, 'processing-job', name);
    resolveCommand(this.#context.ecr, input.AppSpecification);
    assertSeparate(input);
    if (this.#store.get(name) !== undefined)
      throw new AwsError(
        'ResourceInUse',
        `Job name must be unique within an AWS account and region, and a job with this name already exists (${arn})`,
      );
    this.#context.iam.assertAssumable(input.RoleArn, 'sagemaker.amazonaws.com');
    const nowMs = this.#context.now();
    const created: ProcessingJobRecord = {
      arn,
      input,
      status: 'InProgress',
      creationTimeMs: nowMs,
      lastModifiedTimeMs: nowMs,
    };
    this.#store.put(name, created);
    this.#events.publish(processingJobEvent(created));
    this.#start(name);
    return { ProcessingJobArn: arn };
  }

  describe(name: string): Record<string, unknown> {
    return describeProcessingJob(this.#lives.require(name));
  }

  stop(name: string): void {
    this.#lives.stop(name);
  }

  list(input: ListInput): Record<string, unknown> {
    const items = this.#store.all().map((record) => ({ ...record, name: record.input.ProcessingJobName }));
    const { page, nextToken } = listPage(items, input);
    return {
      ProcessingJobSummaries: page.map(summarizeProcessingJob),
      ...(nextToken === undefined ? {} : { NextToken: nextToken }),
    };
  }

  shutdown(): Promise<void> {
    return this.#lives.shutdown();
  }

  #start(name: string): void {
    const folder = join(this.#context.folder('sagemaker'), 'processing', name);
    const run = new ProcessingRun(this.#context, this.#lives.require(name), folder, (status, changes) =>
      this.#lives.enter(name, status, changes),
    );
    this.#lives.begin(name, run);
  }
}

/** Names, and the folders of the container, must not meet. */
function assertSeparate({ ProcessingInputs = [], ProcessingOutputConfig }: CreateProcessingJobInput): void {
  const outputs = ProcessingOutputConfig?.Outputs ?? [];
  assertUnique(
    'InputName',
    ProcessingInputs.map(({ InputName }) => InputName),
  );
  assertUnique(
    'OutputName',
    outputs.map(({ OutputName }) => OutputName),
  );
  const places = [
    ...ProcessingInputs.map(({ S3Input }) => S3Input),
    ...outputs.map(({ S3Output }) => S3Output),
  ];
  for (const { S3Uri } of places) parseS3Uri(S3Uri);
  assertUnique(
    'LocalPath',
    places.map(({ LocalPath }) => LocalPath.replace(/\/+$/, '')),
  );
}

function assertUnique(member: string, values: readonly string[]): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined)
    throw validationError(`${member} must be unique within a processing job; '${twice}' stands there twice.`);
}
