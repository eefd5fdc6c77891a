import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RuntimeContext } from '../../emulated-service.ts';
import { packArchive } from '../archive.ts';
import type { Exit, RunningProgram } from '../child-process.ts';
import { startProgram } from '../child-process.ts';
import { resolveImage } from '../images/catalogue.ts';
import { parseS3Uri, roleS3 } from '../role-s3.ts';
import { downloadChannel, JobFailure, upload } from './channel-download.ts';
import { FinalMetrics } from './final-metrics.ts';
import type { TrainingContainer } from './training-container.ts';
import { prepareContainer } from './training-container.ts';
import type { SecondaryStatus, TrainingJobRecord, TrainingJobStatus } from './training-record.ts';

/** Time between SIGTERM and SIGKILL when a job is stopped, as SageMaker gives it. */
const STOP_GRACE_MS = 120_000;
const LOG_GROUP = '/aws/sagemaker/TrainingJobs';

/** What a run tells whoever keeps the record. */
export interface TrainingProgress {
  enter(status: TrainingJobStatus, secondary: SecondaryStatus, changes?: Partial<TrainingJobRecord>): void;
}

type StopCause = 'StopRequested' | 'MaxRuntimeExceeded' | 'Shutdown';

/** One execution of a training job, from downloading its input to uploading its model. */
export class TrainingRun {
  readonly #context: RuntimeContext;
  readonly #record: TrainingJobRecord;
  readonly #progress: TrainingProgress;
  readonly #folder: string;
  #program: RunningProgram | undefined;
  #stopCause: StopCause | undefined;

  constructor(
    context: RuntimeContext,
    record: TrainingJobRecord,
    folder: string,
    progress: TrainingProgress,
  ) {
    this.#context = context;
    this.#record = record;
    this.#folder = folder;
    this.#progress = progress;
  }

  /** Asks the program to end; `run` then ends the job accordingly. After `Shutdown` the record stays as it is. */
  async stop(cause: StopCause): Promise<void> {
    this.#stopCause ??= cause;
    await this.#program?.stop(cause === 'Shutdown' ? 1_000 : STOP_GRACE_MS);
  }

  /** Never rejects: what goes wrong becomes the failure reason. */
  async run(): Promise<void> {
    const { input } = this.#record;
    try {
      if (this.#stopCause !== undefined) return this.#endStopped({});
      const s3 = roleS3(this.#context, input.RoleArn, 'SageMaker');
      this.#remove();
      const container = prepareContainer(this.#folder, input);
      this.#progress.enter('InProgress', 'Downloading', { trainingStartTimeMs: this.#context.now() });
      for (const channel of input.InputDataConfig ?? [])
        await downloadChannel(
          s3,
          channel.DataSource.S3DataSource.S3Uri,
          input.RoleArn,
          container.channelFolder(channel.ChannelName),
        );
      if (this.#stopCause !== undefined) return this.#endStopped({ trainingEndTimeMs: this.#context.now() });
      this.#progress.enter('InProgress', 'Training');
      const metrics = new FinalMetrics(
        resolveImage(input.AlgorithmSpecification.TrainingImage).metricPattern,
      );
      const exit = await this.#train(container, metrics);
      if (this.#stopCause === 'Shutdown') return;
      if (this.#stopCause === undefined && exit.code !== 0)
        throw new JobFailure(container.failureReason(exit));
      if (this.#stopCause === undefined) this.#progress.enter('InProgress', 'Uploading');
      const modelArtifacts = container.hasModel() ? await this.#uploadModel(container) : undefined;
      this.#end({
        trainingEndTimeMs: this.#context.now(),
        finalMetrics: metrics.list(),
        ...(modelArtifacts === undefined ? {} : { modelArtifacts }),
      });
    } catch (error) {
      if (this.#stopCause !== 'Shutdown') this.#fail(error);
    }
    this.#remove();
  }

  async #train(container: TrainingContainer, metrics: FinalMetrics): Promise<Exit> {
    const { input } = this.#record;
    const stream = `${input.TrainingJobName}/algo-1-${Math.floor(this.#context.now() / 1000)}`;
    const environment = {
      ...input.Environment,
      SM_LOCAL_ROOT: container.root,
      TRAINING_JOB_NAME: input.TrainingJobName,
      TRAINING_JOB_ARN: this.#record.arn,
      NODE_COMPILE_CACHE: join(this.#context.folder('sagemaker'), 'compile-cache'),
    };
    this.#program = startProgram(
      resolveImage(input.AlgorithmSpecification.TrainingImage).trainFile,
      environment,
      (line) => {
        this.#context.logs.append(LOG_GROUP, stream, line);
        metrics.read(line, this.#context.now());
      },
    );
    const limitSeconds = input.StoppingCondition.MaxRuntimeInSeconds ?? 86_400;
    const timer = setTimeout(() => void this.stop('MaxRuntimeExceeded'), limitSeconds * 1000);
    const exit = await this.#program.exited;
    clearTimeout(timer);
    return exit;
  }

  async #uploadModel(container: TrainingContainer): Promise<string> {
    const { input } = this.#record;
    const { bucket, key } = parseS3Uri(input.OutputDataConfig.S3OutputPath);
    const prefix = key === '' || key.endsWith('/') ? key : `${key}/`;
    const target = `${prefix}${input.TrainingJobName}/output/model.tar.gz`;
    await upload(
      roleS3(this.#context, input.RoleArn, 'SageMaker'),
      bucket,
      target,
      await packArchive(container.modelFolder),
    );
    return `s3://${bucket}/${target}`;
  }

  #end(changes: Partial<TrainingJobRecord>): void {
    if (this.#stopCause === undefined) this.#progress.enter('Completed', 'Completed', changes);
    else this.#endStopped(changes);
  }

  #endStopped(changes: Partial<TrainingJobRecord>): void {
    if (this.#stopCause === 'Shutdown') return;
    this.#progress.enter(
      'Stopped',
      this.#stopCause === 'MaxRuntimeExceeded' ? 'MaxRuntimeExceeded' : 'Stopped',
      changes,
    );
  }

  #fail(error: unknown): void {
    const failureReason =
      error instanceof JobFailure
        ? error.message
        : `InternalServerError: We encountered an internal error. ${String(error)}`;
    if (!(error instanceof JobFailure))
      this.#context.log('sagemaker', `training job failed: ${String(error)}`, { job: this.#record.arn });
    this.#progress.enter('Failed', 'Failed', {
      failureReason: failureReason.slice(0, 1024),
      trainingEndTimeMs: this.#context.now(),
    });
  }

  #remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
