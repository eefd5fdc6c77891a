import { join } from 'node:path';
import type { RuntimeContext } from '../../emulated-service.ts';
import { AwsError } from '../../emulated-service.ts';
import type { ListInput } from '../api/members.ts';
import type { CreateTransformJobInput } from '../api/transform-inputs.ts';
import { resourceArn } from '../arns.ts';
import { parseS3Uri } from '../role-s3.ts';
import type { ModelRecord } from '../serving/model-record.ts';
import type { StateChangeEvents } from '../state-change-events.ts';
import { listPage } from '../store/list-page.ts';
import type { RecordStore } from '../store/record-store.ts';
import { JobLives } from './job-lives.ts';
import type { JobQueue } from './job-queue.ts';
import { planTransform } from './transform-data.ts';
import type { TransformJobRecord } from './transform-record.ts';
import { describeTransformJob, transformJobEvent } from './transform-record.ts';
import { TransformRun } from './transform-run.ts';

/** The batch transform operations. An interrupted job starts again with the runtime. */
export class TransformJobs {
  readonly #context: RuntimeContext;
  readonly #store: RecordStore<TransformJobRecord>;
  readonly #models: RecordStore<ModelRecord>;
  readonly #lives: JobLives<TransformJobRecord>;

  constructor(
    context: RuntimeContext,
    store: RecordStore<TransformJobRecord>,
    models: RecordStore<ModelRecord>,
    queue: JobQueue,
    events: StateChangeEvents,
  ) {
    this.#context = context;
    this.#store = store;
    this.#models = models;
    this.#lives = new JobLives({
      context,
      store,
      queue,
      events,
      kind: 'transform job',
      eventOf: transformJobEvent,
    });
  }

  /** Takes up what the last stop interrupted. */
  resume(): void {
    for (const { status, input } of this.#store.all()) {
      const model = this.#models.get(input.ModelName);
      if (status === 'Stopping') this.#lives.enter(input.TransformJobName, 'Stopped', {});
      else if (status !== 'InProgress') continue;
      else if (model !== undefined) this.#start(input.TransformJobName, model);
      else
        this.#lives.enter(input.TransformJobName, 'Failed', {
          failureReason: `ClientError: The model ${input.ModelName} was deleted.`,
        });
    }
  }

  create(input: CreateTransformJobInput): { TransformJobArn: string } {
    const name = input.TransformJobName;
    const arn = resourceArn(this.#context, 'transform-job', name);
    if (this.#store.get(name) !== undefined)
      throw new AwsError(
        'ResourceInUse',
        `Job name must be unique within an AWS account and region, and a job with this name already exists (${arn})`,
      );
    planTransform(input);
    parseS3Uri(input.TransformInput.DataSource.S3DataSource.S3Uri);
    parseS3Uri(input.TransformOutput.S3OutputPath);
    const modelArn = resourceArn(this.#context, 'model', input.ModelName);
    const model = this.#models.require(input.ModelName, `Could not find model "${modelArn}".`);
    const nowMs = this.#context.now();
    this.#store.put(name, {
      arn,
      input,
      status: 'InProgress',
      creationTimeMs: nowMs,
      lastModifiedTimeMs: nowMs,
    });
    this.#start(name, model);
    return { TransformJobArn: arn };
  }

  describe(name: string): Record<string, unknown> {
    return describeTransformJob(this.#lives.require(name));
  }

  stop(name: string): void {
    this.#lives.stop(name);
  }

  list(input: ListInput): Record<string, unknown> {
    const items = this.#store.all().map((record) => ({ ...record, name: record.input.TransformJobName }));
    const { page, nextToken } = listPage(items, input);
    return {
      TransformJobSummaries: page.map((record) => ({
        TransformJobName: record.name,
        TransformJobArn: record.arn,
        CreationTime: record.creationTimeMs / 1000,
        LastModifiedTime: record.lastModifiedTimeMs / 1000,
        TransformJobStatus: record.status,
        ...(record.endTimeMs === undefined ? {} : { TransformEndTime: record.endTimeMs / 1000 }),
        ...(record.failureReason === undefined ? {} : { FailureReason: record.failureReason }),
      })),
      ...(nextToken === undefined ? {} : { NextToken: nextToken }),
    };
  }

  shutdown(): Promise<void> {
    return this.#lives.shutdown();
  }

  #start(name: string, model: ModelRecord): void {
    const folder = join(this.#context.folder('sagemaker'), 'transform', name);
    const run = new TransformRun(this.#context, this.#lives.require(name), model, folder, (status, changes) =>
      this.#lives.enter(name, status, changes),
    );
    this.#lives.begin(name, run);
  }
}
