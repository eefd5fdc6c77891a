import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RuntimeContext } from '../../emulated-service.ts';
import { resolveImage } from '../images/catalogue.ts';
import type { RoleS3 } from '../role-s3.ts';
import { parseS3Uri, roleS3 } from '../role-s3.ts';
import { installModel } from '../serving/model-files.ts';
import type { ModelRecord } from '../serving/model-record.ts';
import { ServingProcess } from '../serving/serving-process.ts';
import { download, JobFailure, listInput, upload } from './channel-download.ts';
import type { TransformPlan } from './transform-data.ts';
import { planTransform } from './transform-data.ts';
import type { TransformJobRecord, TransformJobStatus } from './transform-record.ts';

const LOG_GROUP = '/aws/sagemaker/TransformJobs';
const DEFAULT_TIMEOUT_SECONDS = 600;

type StopCause = 'StopRequested' | 'Shutdown';

/** One execution of a batch transform job: a serving program, fed with every object below the input prefix. */
export class TransformRun {
  readonly #context: RuntimeContext;
  readonly #record: TransformJobRecord;
  readonly #model: ModelRecord;
  readonly #folder: string;
  readonly #enter: (status: TransformJobStatus, changes: Partial<TransformJobRecord>) => void;
  #serving: ServingProcess | undefined;
  #stopCause: StopCause | undefined;

  constructor(
    context: RuntimeContext,
    record: TransformJobRecord,
    model: ModelRecord,
    folder: string,
    enter: (status: TransformJobStatus, changes: Partial<TransformJobRecord>) => void,
  ) {
    this.#context = context;
    this.#record = record;
    this.#model = model;
    this.#folder = folder;
    this.#enter = enter;
  }

  /** Ends the run after the request that is under way. After `Shutdown` the record stays as it is. */
  async stop(cause: StopCause): Promise<void> {
    this.#stopCause ??= cause;
    await this.#serving?.stop();
  }

  /** Never rejects: what goes wrong becomes the failure reason. */
  async run(): Promise<void> {
    try {
      if (this.#stopCause === undefined) this.#enter('InProgress', { startTimeMs: this.#context.now() });
      if (this.#stopCause === undefined) await this.#transform();
    } catch (error) {
      // A program that was stopped breaks off its request; that is no failure.
      if (this.#stopCause === undefined) this.#fail(error);
    }
    await this.#serving?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
    if (this.#stopCause === 'StopRequested') this.#enter('Stopped', { endTimeMs: this.#context.now() });
  }

  async #transform(): Promise<void> {
    const { input } = this.#record;
    const plan = planTransform(input);
    const role = this.#model.input.ExecutionRoleArn;
    const s3 = roleS3(this.#context, role, 'SageMaker');
    const objects = await listInput(s3, input.TransformInput.DataSource.S3DataSource.S3Uri, role);
    await installModel(this.#context, this.#model, this.#folder).catch((error: Error) => {
      throw new JobFailure(`ClientError: ${error.message}`);
    });
    this.#serving = await this.#startServing();
    for (const object of objects) {
      if (this.#stopCause !== undefined) return;
      await this.#transformObject(s3, plan, object);
    }
    if (this.#stopCause === undefined) this.#enter('Completed', { endTimeMs: this.#context.now() });
  }

  async #startServing(): Promise<ServingProcess> {
    const { Image, Environment } = this.#model.input.PrimaryContainer;
    const { TransformJobName } = this.#record.input;
    const environment = {
      ...Environment,
      ...this.#record.input.Environment,
      SAGEMAKER_BATCH: 'true',
      NODE_COMPILE_CACHE: join(this.#context.folder('sagemaker'), 'compile-cache'),
    };
    const log = (line: string): void =>
      this.#context.logs.append(LOG_GROUP, `${TransformJobName}/algo-1`, line);
    return await ServingProcess.start(resolveImage(Image).serveFile, this.#folder, environment, log).catch(
      (error: Error) => {
        throw new JobFailure(`AlgorithmError: The model server did not become healthy: ${error.message}`);
      },
    );
  }

  async #transformObject(
    s3: RoleS3,
    plan: TransformPlan,
    object: { bucket: string; key: string; path: string },
  ): Promise<void> {
    const { TransformInput, TransformOutput } = this.#record.input;
    const parts: Buffer[] = [];
    const headers = {
      ...(TransformInput.ContentType === undefined ? {} : { 'content-type': TransformInput.ContentType }),
      ...(TransformOutput.Accept === undefined ? {} : { accept: TransformOutput.Accept }),
    };
    for (const { payload, records } of plan.requests(await download(s3, object.bucket, object.key))) {
      if (this.#stopCause !== undefined) return;
      parts.push(plan.assemble(await this.#invoke(payload, headers), records));
    }
    const { bucket, key } = parseS3Uri(TransformOutput.S3OutputPath);
    const prefix = key === '' || key.endsWith('/') ? key : `${key}/`;
    await upload(s3, bucket, `${prefix}${object.path}.out`, Buffer.concat(parts));
  }

  async #invoke(payload: Buffer, headers: Readonly<Record<string, string>>): Promise<Buffer> {
    const { InvocationsTimeoutInSeconds = DEFAULT_TIMEOUT_SECONDS, InvocationsMaxRetries = 0 } =
      this.#record.input.ModelClientConfig ?? {};
    for (let attempt = 0; ; attempt++) {
      const answer = await (this.#serving as ServingProcess).invoke(
        payload,
        headers,
        InvocationsTimeoutInSeconds * 1000,
      );
      if (answer.status >= 200 && answer.status < 300) return answer.body;
      const problem = `Bad HTTP status received from algorithm: ${answer.status}. ${answer.body.toString('utf8').slice(0, 500)}`;
      this.#context.logs.append(LOG_GROUP, `${this.#record.input.TransformJobName}/algo-1/data-log`, problem);
      if (answer.status < 500 || attempt >= InvocationsMaxRetries)
        throw new JobFailure(`ClientError: See job logs for more information. ${problem}`);
    }
  }

  #fail(error: unknown): void {
    const failureReason =
      error instanceof JobFailure
        ? error.message
        : `InternalServerError: We encountered an internal error. ${String(error)}`;
    if (!(error instanceof JobFailure))
      this.#context.log('sagemaker', `transform job failed: ${String(error)}`, { job: this.#record.arn });
    this.#enter('Failed', { failureReason: failureReason.slice(0, 1024), endTimeMs: this.#context.now() });
  }
}
