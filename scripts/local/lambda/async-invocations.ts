import { randomUUID } from 'node:crypto';
import { AwsError, type RuntimeContext } from '../emulated-service.ts';
import type { InvocationTarget } from './catalogue.ts';
import type { AsyncEvent, EventStore } from './event-store.ts';
import { assertPayloadSize, type InvocationResult, type Invoker, principalOf } from './invoker.ts';

/** Largest event of an asynchronous invocation in bytes (Lambda quota 1 MB). */
const maxEventBytes = 1_048_576;
/** How long a throttled event waits before it is tried again. */
const throttleDelayMs = 1_000;

/** What a function does with asynchronous events that fail (AWS::Lambda::EventInvokeConfig). */
export interface EventInvokeConfig {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
  readonly onFailureArn?: string;
}
export const defaultEventInvokeConfig: EventInvokeConfig = {
  maximumRetryAttempts: 2,
  maximumEventAgeSeconds: 21_600,
};

/**
 * Asynchronous invocations: accepted once on disk, run in the background, retried, and given up to the on-failure destination
 * and the dead-letter queue. What was running when the runtime ended runs again at the next start (at least once, as in AWS).
 */
export class AsyncInvocations {
  readonly #context: RuntimeContext;
  readonly #invoker: Invoker;
  readonly #store: EventStore;
  readonly #retryDelaysMs: readonly number[];
  readonly #configOf: (functionName: string) => EventInvokeConfig;
  readonly #timers = new Set<NodeJS.Timeout>();
  #stopped = false;

  constructor(
    context: RuntimeContext,
    invoker: Invoker,
    store: EventStore,
    retryDelaysMs: readonly number[],
    configOf: (functionName: string) => EventInvokeConfig,
  ) {
    this.#context = context;
    this.#invoker = invoker;
    this.#store = store;
    this.#retryDelaysMs = retryDelaysMs;
    this.#configOf = configOf;
  }

  /** Takes over the events that an earlier run of the runtime left. */
  async resume(): Promise<void> {
    for (const event of await this.#store.load()) this.#schedule(event);
  }

  /** Resolves once the event is on disk. @throws AwsError RequestTooLargeException */
  async accept(target: InvocationTarget, payload: string): Promise<string> {
    assertPayloadSize(payload, maxEventBytes);
    const nowMs = this.#context.now();
    const event: AsyncEvent = {
      requestId: randomUUID(),
      invokedArn: target.invokedArn,
      payload,
      receivedAtMs: nowMs,
      failedAttempts: 0,
      notBeforeMs: nowMs,
    };
    await this.#store.put(event);
    this.#schedule(event);
    return event.requestId;
  }

  /** Stops starting attempts; events that are not done stay on disk. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #schedule(event: AsyncEvent): void {
    const delayMs = event.notBeforeMs - this.#context.now();
    if (delayMs <= 0) {
      this.#start(event);
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#start(event);
    }, delayMs);
    this.#timers.add(timer);
  }

  #start(event: AsyncEvent): void {
    this.#attempt(event).catch((error: unknown) =>
      this.#context.log('lambda', 'asynchronous event could not be processed', {
        function: event.invokedArn,
        requestId: event.requestId,
        error: String(error),
      }),
    );
  }

  async #attempt(event: AsyncEvent): Promise<void> {
    if (this.#stopped) return;
    const target = this.#invoker.catalogue.find(event.invokedArn);
    if (target === undefined) {
      this.#context.log('lambda', 'event dropped: its function is gone', { function: event.invokedArn });
      return this.#store.remove(event.requestId);
    }
    let result: InvocationResult;
    try {
      result = await this.#invoker.run(target, event.payload, {
        lane: 'background',
        mayWait: true,
        requestId: event.requestId,
      });
    } catch (error) {
      return this.#postponeOrGiveUp(target, event, error);
    }
    if (!result.failed) return this.#store.remove(event.requestId);
    await this.#retryOrGiveUp(target, { ...event, failedAttempts: event.failedAttempts + 1 }, result);
  }

  /** Throttled events wait without losing an attempt; a function switched off by a reserved concurrency of 0 takes none. */
  async #postponeOrGiveUp(target: InvocationTarget, event: AsyncEvent, error: unknown): Promise<void> {
    const isThrottle = error instanceof AwsError && error.name === 'TooManyRequestsException';
    if (!isThrottle) throw error;
    if (target.config.reservedConcurrency === 0)
      return this.#giveUp(target, event, 'ZeroReservedConcurrency');
    if (this.#isTooOld(target, event)) return this.#giveUp(target, event, 'EventAgeExceeded');
    this.#schedule({ ...event, notBeforeMs: this.#context.now() + throttleDelayMs });
  }

  async #retryOrGiveUp(target: InvocationTarget, event: AsyncEvent, result: InvocationResult): Promise<void> {
    if (event.failedAttempts > this.#configOf(target.config.name).maximumRetryAttempts) {
      return this.#giveUp(target, event, 'RetriesExhausted', result);
    }
    if (this.#isTooOld(target, event)) return this.#giveUp(target, event, 'EventAgeExceeded', result);
    const delayMs = this.#retryDelaysMs[event.failedAttempts - 1] ?? 0;
    const again = { ...event, notBeforeMs: this.#context.now() + delayMs };
    await this.#store.put(again);
    this.#schedule(again);
  }

  #isTooOld(target: InvocationTarget, event: AsyncEvent): boolean {
    const ageSeconds = (this.#context.now() - event.receivedAtMs) / 1000;
    return ageSeconds > this.#configOf(target.config.name).maximumEventAgeSeconds;
  }

  /** Sends the event to where failures go, in the forms of "Capturing records of Lambda asynchronous invocations". */
  async #giveUp(
    target: InvocationTarget,
    event: AsyncEvent,
    condition: string,
    result?: InvocationResult,
  ): Promise<void> {
    const { deadLetterArn } = target.config;
    const { onFailureArn } = this.#configOf(target.config.name);
    if (onFailureArn !== undefined) {
      const record = failureRecord(target, event, condition, result, this.#context.now());
      await this.#send(target, onFailureArn, JSON.stringify(record), 'DestinationDeliveryFailures');
    }
    if (deadLetterArn !== undefined) {
      const attributes = {
        RequestID: event.requestId,
        ErrorCode: '200',
        ErrorMessage: result === undefined ? condition : errorMessageOf(result),
      };
      await this.#send(target, deadLetterArn, event.payload, 'DeadLetterErrors', attributes);
    }
    await this.#store.remove(event.requestId);
  }

  async #send(
    target: InvocationTarget,
    queueArn: string,
    body: string,
    failureMetric: string,
    attributes: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    try {
      await this.#context.sqs.sendMessage(queueArn, body, {
        principal: principalOf(target.config),
        attributes,
      });
    } catch (error) {
      this.#context.log('lambda', 'failed event could not be sent', { queueArn, error: String(error) });
      this.#context.cloudwatch.putMetricData('AWS/Lambda', [
        { name: failureMetric, value: 1, unit: 'Count', dimensions: { FunctionName: target.config.name } },
      ]);
    }
  }
}

function errorMessageOf(result: InvocationResult): string {
  const { errorMessage } = JSON.parse(result.body.toString()) as { errorMessage?: string };
  return (errorMessage ?? '').slice(0, 1024);
}

function failureRecord(
  target: InvocationTarget,
  event: AsyncEvent,
  condition: string,
  result: InvocationResult | undefined,
  nowMs: number,
): object {
  return {
    version: '1.0',
    timestamp: new Date(nowMs).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${target.config.arn}:${target.qualifier ?? '$LATEST'}`,
      condition,
      approximateInvokeCount: event.failedAttempts,
    },
    requestPayload: JSON.parse(event.payload) as unknown,
    ...(result !== undefined && {
      responseContext: {
        statusCode: 200,
        executedVersion: target.executedVersion,
        functionError: 'Unhandled',
      },
      responsePayload: JSON.parse(result.body.toString()) as unknown,
    }),
  };
}
