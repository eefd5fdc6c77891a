import { rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { RuntimeContext } from '../../emulated-service.ts';
import type { Exit, RunningProgram } from '../child-process.ts';
import { startProgram } from '../child-process.ts';
import { roleS3 } from '../role-s3.ts';
import { JobFailure } from './channel-download.ts';
import { resolveCommand } from './processing-command.ts';
import type { ProcessingContainer } from './processing-container.ts';
import { prepareProcessingContainer, processingFailure } from './processing-container.ts';
import { downloadInput, uploadOutput } from './processing-data.ts';
import type { ProcessingJobRecord, ProcessingJobStatus } from './processing-record.ts';
import { maxRuntimeSeconds } from './processing-record.ts';

/** Time between SIGTERM and SIGKILL when a job is stopped, as SageMaker gives it. */
const STOP_GRACE_MS = 120_000;
const LOG_GROUP = '/aws/sagemaker/ProcessingJobs';

type StopCause = 'StopRequested' | 'MaxRuntimeExceeded' | 'Shutdown';

/** One execution of a processing job, from downloading its inputs to uploading its outputs. */
export class ProcessingRun {
  readonly #context: RuntimeContext;
  readonly #record: ProcessingJobRecord;
  readonly #folder: string;
  readonly #enter: (status: ProcessingJobStatus, changes: Partial<ProcessingJobRecord>) => void;
  #program: RunningProgram | undefined;
  #stopCause: StopCause | undefined;

  /** @param folder where `/opt/ml` is laid out; removed when the run ends. */
  constructor(
    context: RuntimeContext,
    record: ProcessingJobRecord,
    folder: string,
    enter: (status: ProcessingJobStatus, changes: Partial<ProcessingJobRecord>) => void,
  ) {
    this.#context = context;
    this.#record = record;
    this.#folder = folder;
    this.#enter = enter;
  }

  /** Asks the program to end; `run` then ends the job accordingly. After `Shutdown` the record stays as it is. */
  async stop(cause: StopCause): Promise<void> {
    this.#stopCause ??= cause;
    await this.#program?.stop(cause === 'Shutdown' ? 1_000 : STOP_GRACE_MS);
  }

  /** Never rejects: what goes wrong becomes the failure reason. */
  async run(): Promise<void> {
    let container: ProcessingContainer | undefined;
    try {
      this.#remove();
      container = prepareProcessingContainer(this.#folder, this.#record.arn, this.#record.input);
      if (this.#stopCause === undefined) this.#enter('InProgress', { startTimeMs: this.#context.now() });
      if (this.#stopCause === undefined) await this.#process(container);
    } catch (error) {
      // A program that was stopped breaks off; that is no failure.
      if (this.#stopCause === undefined) this.#fail(error, container);
    }
    this.#endStopped(container);
    this.#remove();
  }

  async #process(container: ProcessingContainer): Promise<void> {
    const { input } = this.#record;
    const s3 = roleS3(this.#context, input.RoleArn, 'SageMaker');
    for (const one of input.ProcessingInputs ?? []) {
      await downloadInput(s3, one, input.RoleArn, container.folderOf(one.S3Input.LocalPath));
      if (this.#stopCause !== undefined) return;
    }
    const exit = await this.#execute(container);
    if (this.#stopCause !== undefined) return;
    const message = container.exitMessage();
    if (exit.code !== 0) throw processingFailure(exit);
    for (const one of input.ProcessingOutputConfig?.Outputs ?? [])
      await uploadOutput(s3, one, container.folderOf(one.S3Output.LocalPath));
    if (this.#stopCause !== undefined) return;
    this.#enter('Completed', {
      endTimeMs: this.#context.now(),
      ...(message === undefined ? {} : { exitMessage: message }),
    });
  }

  async #execute({ root }: ProcessingContainer): Promise<Exit> {
    const { input } = this.#record;
    const command = resolveCommand(this.#context.ecr, input.AppSpecification);
    const stream = `${input.ProcessingJobName}/algo-1-${Math.floor(this.#context.now() / 1000)}`;
    const environment = {
      ...input.Environment,
      SM_LOCAL_ROOT: root,
      NODE_PATH: command.modulePaths.join(delimiter),
      NODE_COMPILE_CACHE: join(this.#context.folder('sagemaker'), 'compile-cache'),
    };
    this.#program = startProgram(
      command.file,
      environment,
      (line) => this.#context.logs.append(LOG_GROUP, stream, line),
      {
        programArguments: command.programArguments,
        isolateNetwork: input.NetworkConfig?.EnableNetworkIsolation ?? false,
      },
    );
    const timer = setTimeout(() => void this.stop('MaxRuntimeExceeded'), maxRuntimeSeconds(input) * 1000);
    const exit = await this.#program.exited;
    clearTimeout(timer);
    return exit;
  }

  /** Ends a job that was stopped; its outputs stay where they are. */
  #endStopped(container: ProcessingContainer | undefined): void {
    if (this.#stopCause === undefined || this.#stopCause === 'Shutdown') return;
    this.#enter('Stopped', {
      endTimeMs: this.#context.now(),
      ...this.#messageOf(container),
      ...(this.#stopCause === 'MaxRuntimeExceeded'
        ? {
            failureReason: `ClientError: The processing job ran longer than its MaxRuntimeInSeconds of ${maxRuntimeSeconds(this.#record.input)} and was stopped.`,
          }
        : {}),
    });
  }

  #fail(error: unknown, container: ProcessingContainer | undefined): void {
    const failureReason =
      error instanceof JobFailure
        ? error.message
        : `InternalServerError: We encountered an internal error. ${String(error)}`;
    if (!(error instanceof JobFailure))
      this.#context.log('sagemaker', `processing job failed: ${String(error)}`, { job: this.#record.arn });
    this.#enter('Failed', {
      failureReason: failureReason.slice(0, 1024),
      endTimeMs: this.#context.now(),
      ...this.#messageOf(container),
    });
  }

  /** What a program that did not succeed left as its message, where that can be read. */
  #messageOf(container: ProcessingContainer | undefined): Partial<ProcessingJobRecord> {
    try {
      const message = container?.exitMessage();
      return message === undefined ? {} : { exitMessage: message };
    } catch {
      return {};
    }
  }

  #remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
