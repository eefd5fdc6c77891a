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
import type { JobQueue } from './job-queue.ts';
import { resolveCommand } from './processing-command.ts';
import type { ProcessingJobRecord, ProcessingJobStatus } from './processing-record.ts';
import { describeProcessingJob, processingJobEvent, summarizeProcessingJob } from './processing-record.ts';
import { ProcessingRun } from './processing-run.ts';

/** The processing operations. An interrupted job starts again with the runtime. */
export class ProcessingJobs {
  readonly #context: RuntimeContext;
  readonly #store: RecordStore<ProcessingJobRecord>;
  readonly #queue: JobQueue;
  readonly #events: StateChangeEvents;
  readonly #runs = new Map<string, ProcessingRun>();

  constructor(
    context: RuntimeContext,
    store: RecordStore<ProcessingJobRecord>,
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
    for (const { status, input } of this.#store.all()) {
      if (status === 'InProgress') this.#start(input.ProcessingJobName);
      else if (status === 'Stopping')
        this.#enter(input.ProcessingJobName, 'Stopped', { endTimeMs: this.#context.now() });
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
    return describeProcessingJob(this.#require(name));
  }

  stop(name: string): void {
    const { status } = this.#require(name);
    if (status !== 'InProgress')
      throw validationError(`The request was rejected because the processing job is in status ${status}.`);
    this.#enter(name, 'Stopping', {});
    void this.#runs.get(name)?.stop('StopRequested');
  }

  list(input: ListInput): Record<string, unknown> {
    const items = this.#store.all().map((record) => ({ ...record, name: record.input.ProcessingJobName }));
    const { page, nextToken } = listPage(items, input);
    return {
      ProcessingJobSummaries: page.map(summarizeProcessingJob),
      ...(nextToken === undefined ? {} : { NextToken: nextToken }),
    };
  }

  /** Ends the children; their jobs stay InProgress and start again with the runtime. */
  async shutdown(): Promise<void> {
    await Promise.all([...this.#runs.values()].map((run) => run.stop('Shutdown')));
  }

  #require(name: string): ProcessingJobRecord {
    return this.#store.require(name, `Could not find requested job with name: ${name}`);
  }

  #start(name: string): void {
    const folder = join(this.#context.folder('sagemaker'), 'processing', name);
    const run = new ProcessingRun(this.#context, this.#require(name), folder, (status, changes) =>
      this.#enter(name, status, changes),
    );
    this.#runs.set(name, run);
    this.#queue.add(async () => {
      await run.run();
      this.#runs.delete(name);
    });
  }

  #enter(name: string, status: ProcessingJobStatus, changes: Partial<ProcessingJobRecord>): void {
    const before = this.#require(name);
    if (before.status === 'Stopping' && status === 'InProgress') return;
    const record = this.#store.put(name, {
      ...before,
      ...changes,
      status,
      lastModifiedTimeMs: this.#context.now(),
    });
    this.#events.publish(processingJobEvent(record));
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
