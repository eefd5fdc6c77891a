import { join } from 'node:path';
import type { RuntimeContext } from '../../emulated-service.ts';
import { AwsError } from '../../emulated-service.ts';
import { resolveImage } from '../images/catalogue.ts';
import type { ContainerAnswer } from '../serving/serving-process.ts';
import { ServingProcess } from '../serving/serving-process.ts';
import type { DeployedVariant } from './endpoint-record.ts';

/** Idle programs end after this time: a laptop has no memory to spare, and a start takes a tenth of a second. */
const SERVERLESS_IDLE_MS = 150_000;
const INSTANCE_IDLE_MS = 600_000;

/** An answer, and the time that starting the program took where it had to be started. */
export interface VariantAnswer {
  readonly answer: ContainerAnswer;
  readonly setupMs?: number;
}

/** Serves one variant of one deployment: starts its program when it is needed and ends it when it is idle. */
export class VariantHost {
  readonly deployed: DeployedVariant;
  /** The variant's `/opt/ml`, with the model unpacked below it. */
  readonly root: string;
  readonly #context: RuntimeContext;
  readonly #endpointName: string;
  #serving: Promise<ServingProcess> | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  readonly #inFlight = new Set<Promise<VariantAnswer>>();

  constructor(context: RuntimeContext, endpointName: string, deployed: DeployedVariant, root: string) {
    this.#context = context;
    this.#endpointName = endpointName;
    this.deployed = deployed;
    this.root = root;
  }

  /** Starts the program unless it runs. @throws Error with its last words when it does not become healthy. */
  async start(): Promise<ServingProcess> {
    if (this.#serving === undefined) {
      const launched = this.#launch();
      this.#serving = launched;
      // Whether it never came up or died later: the next request starts it afresh.
      const forget = (): void => {
        if (this.#serving === launched) this.#serving = undefined;
      };
      launched.then((serving) => serving.exited.then(forget), forget);
    }
    const serving = await this.#serving;
    this.#restartIdleTimer();
    return serving;
  }

  /**
   * Passes a request to the program.
   * @throws AwsError ThrottlingException when a serverless variant has MaxConcurrency requests already;
   *   InvocationTimeout; Error when the program dies.
   */
  async invoke(
    body: Buffer,
    headers: Readonly<Record<string, string>>,
    timeoutMs: number,
  ): Promise<VariantAnswer> {
    const limit = this.deployed.variant.ServerlessConfig?.MaxConcurrency ?? Number.POSITIVE_INFINITY;
    if (this.#inFlight.size >= limit)
      throw new AwsError(
        'ThrottlingException',
        `Rate exceeded: variant ${this.deployed.variant.VariantName} has ${limit} invocations under way, its MaxConcurrency.`,
        429,
      );
    const invocation = this.#send(body, headers, timeoutMs);
    this.#inFlight.add(invocation);
    clearTimeout(this.#idleTimer);
    try {
      return await invocation;
    } finally {
      this.#inFlight.delete(invocation);
      this.#restartIdleTimer();
    }
  }

  /** Ends the program when the requests under way are answered. */
  async retire(): Promise<void> {
    await Promise.allSettled(this.#inFlight);
    await this.stop();
  }

  /** Ends the program; a later `start` starts it again. */
  async stop(): Promise<void> {
    clearTimeout(this.#idleTimer);
    const serving = this.#serving;
    this.#serving = undefined;
    await (await serving?.catch(() => undefined))?.stop();
  }

  async #send(
    body: Buffer,
    headers: Readonly<Record<string, string>>,
    timeoutMs: number,
  ): Promise<VariantAnswer> {
    const cold = this.#serving === undefined;
    const startedMs = performance.now();
    const serving = await this.start();
    const setupMs = performance.now() - startedMs;
    const answer = await serving.invoke(body, headers, timeoutMs);
    return cold ? { answer, setupMs } : { answer };
  }

  async #launch(): Promise<ServingProcess> {
    const { Image, Environment } = this.deployed.model.input.PrimaryContainer;
    const environment = {
      ...Environment,
      NODE_COMPILE_CACHE: join(this.#context.folder('sagemaker'), 'compile-cache'),
    };
    const stream = `${this.deployed.variant.VariantName}/local`;
    return await ServingProcess.start(resolveImage(Image).serveFile, this.root, environment, (line) =>
      this.#context.logs.append(`/aws/sagemaker/Endpoints/${this.#endpointName}`, stream, line),
    );
  }

  #restartIdleTimer(): void {
    clearTimeout(this.#idleTimer);
    const { ServerlessConfig } = this.deployed.variant;
    if (
      this.#inFlight.size > 0 ||
      this.#serving === undefined ||
      ServerlessConfig?.ProvisionedConcurrency !== undefined
    )
      return;
    this.#idleTimer = setTimeout(
      () => void this.stop(),
      ServerlessConfig === undefined ? INSTANCE_IDLE_MS : SERVERLESS_IDLE_MS,
    );
    this.#idleTimer.unref();
  }
}
