import { randomBytes, randomUUID } from 'node:crypto';
import { AwsError, type Principal, type RuntimeContext } from '../emulated-service.ts';
import type { FunctionCatalogue, InvocationTarget } from './catalogue.ts';
import type { FunctionConfig } from './function-config.ts';
import type { Invocation } from './runtime-api.ts';
import type { Lane, SandboxPool } from './sandbox-pool.ts';

/** Largest event of a synchronous invocation in bytes (Lambda quota 6 MB). */
const maxRequestBytes = 6_291_456;

/** How an invocation ended, for its caller. */
export interface InvocationResult {
  readonly requestId: string;
  /** JSON text. */
  readonly body: Buffer;
  readonly failed: boolean;
  readonly executedVersion: string;
}

/** How a caller wants its invocation run. */
export interface RunOptions {
  readonly lane: Lane;
  /** Queue behind the function's reserved concurrency instead of being throttled. */
  readonly mayWait: boolean;
  /** Kept over the attempts of an asynchronous event. */
  readonly requestId?: string;
  readonly clientContext?: string;
}

interface Metric {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** Runs invocations in the pool and records the AWS/Lambda metrics. */
export class Invoker {
  readonly catalogue: FunctionCatalogue;
  readonly #context: RuntimeContext;
  readonly #pool: SandboxPool;

  constructor(context: RuntimeContext, catalogue: FunctionCatalogue, pool: SandboxPool) {
    this.#context = context;
    this.catalogue = catalogue;
    this.#pool = pool;
  }

  /**
   * Runs an invocation to its end; an error of the function is a result.
   * @throws AwsError TooManyRequestsException (429), RequestTooLargeException (413), InvalidRequestContentException
   */
  async run(
    target: InvocationTarget,
    payload: string | Buffer,
    options: RunOptions,
  ): Promise<InvocationResult> {
    assertPayloadSize(payload, maxRequestBytes);
    const requestId = options.requestId ?? randomUUID();
    const invocation: Invocation = {
      requestId,
      payload: payload.length === 0 ? '{}' : payload,
      invokedArn: target.invokedArn,
      executedVersion: target.executedVersion,
      traceId: newTraceId(this.#context.now(), target.config.tracingActive),
      ...(options.clientContext !== undefined && { clientContext: options.clientContext }),
    };
    const outcome = await this.#runCounted(target, invocation, options);
    this.#measure(target, [
      { name: 'Invocations', value: 1, unit: 'Count' },
      { name: 'Errors', value: outcome.failed ? 1 : 0, unit: 'Count' },
      { name: 'Duration', value: outcome.durationMs, unit: 'Milliseconds' },
    ]);
    return {
      requestId,
      body: outcome.body,
      failed: outcome.failed,
      executedVersion: target.executedVersion,
    };
  }

  async #runCounted(target: InvocationTarget, invocation: Invocation, options: RunOptions) {
    try {
      return await this.#pool.run(target.config, invocation, options.lane, options.mayWait);
    } catch (error) {
      this.#measure(target, [{ name: 'Throttles', value: 1, unit: 'Count' }]);
      throw error;
    }
  }

  #measure(target: InvocationTarget, metrics: readonly Metric[]): void {
    const points = metricDimensions(target).flatMap((dimensions) =>
      metrics.map((metric) => ({ ...metric, dimensions })),
    );
    this.#context.cloudwatch.putMetricData('AWS/Lambda', points);
  }
}

/** By function, by the alias or version it was called by, and by the version that an alias picked ("Lambda metrics", dimensions). */
function metricDimensions({
  config,
  qualifier,
  executedVersion,
}: InvocationTarget): Record<string, string>[] {
  const FunctionName = config.name;
  if (qualifier === undefined) return [{ FunctionName }];
  const Resource = `${FunctionName}:${qualifier}`;
  const isAlias = qualifier !== executedVersion;
  return [
    { FunctionName },
    { FunctionName, Resource },
    ...(isAlias ? [{ FunctionName, Resource, ExecutedVersion: executedVersion }] : []),
  ];
}

/** The function's own identity, for what Lambda does in its name: reading streams and queues, sending dead letters. */
export function principalOf({ roleArn, name }: FunctionConfig): Principal {
  const [prefix = '', roleName = ''] = roleArn.split(':role/');
  return {
    kind: 'role',
    roleArn,
    arn: `${prefix.replace(':iam:', ':sts:')}:assumed-role/${roleName.split('/').at(-1)}/${name}`,
  };
}

/** @throws AwsError RequestTooLargeException (413) */
export function assertPayloadSize(payload: string | Buffer, limitBytes: number): void {
  const sizeBytes = Buffer.byteLength(payload);
  if (sizeBytes > limitBytes) {
    throw new AwsError(
      'RequestTooLargeException',
      `${sizeBytes} byte payload is too large for the limit of ${limitBytes} bytes`,
      413,
      { Type: 'User' },
    );
  }
}

/** `_X_AMZN_TRACE_ID` of an invocation that nobody traced before (AWS X-Ray, "Tracing header"). */
function newTraceId(nowMs: number, sampled: boolean): string {
  const epoch = Math.floor(nowMs / 1000).toString(16);
  const root = `1-${epoch}-${randomBytes(12).toString('hex')}`;
  return `Root=${root};Parent=${randomBytes(8).toString('hex')};Sampled=${sampled ? 1 : 0}`;
}
