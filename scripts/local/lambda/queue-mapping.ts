import type { SqsMessage } from '../emulated-service.ts';
import type { MappingConfig } from './event-source-mapping.ts';
import {
  demandAccess,
  type MappingHost,
  passesFilters,
  pause,
  type RunningMapping,
  readVerdict,
} from './mapping-runtime.ts';

/** The longest wait of one receive, and the most messages it may give (SQS quotas). */
const longPollSeconds = 20;
const maxMessagesPerReceive = 10;

/**
 * Feeds a function from an SQS queue. What the function took is deleted; what failed becomes visible again after the queue's
 * visibility timeout, and the queue's redrive policy decides when to give it up.
 */
export class QueueMapping implements RunningMapping {
  readonly #config: MappingConfig;
  readonly #host: MappingHost;
  readonly #abort = new AbortController();

  constructor(config: MappingConfig, host: MappingHost) {
    this.#config = config;
    this.#host = host;
  }

  async start(): Promise<void> {
    const resource = this.#config.eventSourceArn;
    demandAccess(this.#host, [
      { action: 'sqs:ReceiveMessage', resource },
      { action: 'sqs:DeleteMessage', resource },
      { action: 'sqs:GetQueueAttributes', resource },
    ]);
    this.#loop().catch((error: unknown) => this.#log('queue mapping stopped', error));
  }

  stop(): void {
    this.#abort.abort();
  }

  async #loop(): Promise<void> {
    for (let retry = 0; !this.#abort.signal.aborted; ) {
      try {
        const messages = await this.#gather();
        if (this.#abort.signal.aborted) return;
        if (messages.length > 0) await this.#process(messages);
        retry = 0;
      } catch (error) {
        retry += 1;
        this.#log('queue batch could not be processed; its messages become visible again', error);
        await pause(this.#host.retryDelayMs(retry), this.#abort.signal);
      }
    }
  }

  /** Up to a batch of messages; with a batching window, as many as come within it. */
  async #gather(): Promise<readonly SqsMessage[]> {
    const { batchSize, batchingWindowSeconds } = this.#config;
    const messages = [...(await this.#receive(batchSize, longPollSeconds))];
    const windowEndsAtMs = Date.now() + batchingWindowSeconds * 1000;
    while (messages.length > 0 && messages.length < batchSize && !this.#abort.signal.aborted) {
      const remainingSeconds = Math.ceil((windowEndsAtMs - Date.now()) / 1000);
      if (remainingSeconds <= 0) break;
      messages.push(...(await this.#receive(batchSize - messages.length, remainingSeconds)));
    }
    return messages;
  }

  #receive(wanted: number, waitSeconds: number): Promise<readonly SqsMessage[]> {
    return this.#host.context.sqs.receive(this.#config.eventSourceArn, {
      max: Math.min(wanted, maxMessagesPerReceive),
      waitSeconds: Math.min(waitSeconds, longPollSeconds),
    });
  }

  async #process(messages: readonly SqsMessage[]): Promise<void> {
    const wanted = messages.filter((message) =>
      passesFilters(this.#config, { ...message, body: parsedBody(message.body) }),
    );
    const unwanted = messages.filter((message) => !wanted.includes(message));
    await this.#delete(unwanted);
    if (wanted.length === 0) return;
    const result = await this.#host.invoke(wanted.map((message) => this.#record(message)));
    const verdict = readVerdict(
      this.#config,
      result,
      wanted.map((message) => message.messageId),
    );
    if (verdict === 'all-failed') return;
    await this.#delete(wanted.filter((message) => !verdict.failed.includes(message.messageId)));
  }

  async #delete(messages: readonly SqsMessage[]): Promise<void> {
    if (messages.length === 0) return;
    await this.#host.context.sqs.deleteMessages(
      this.#config.eventSourceArn,
      messages.map((message) => message.receiptHandle),
    );
  }

  #record(message: SqsMessage): object {
    return {
      messageId: message.messageId,
      receiptHandle: message.receiptHandle,
      body: message.body,
      attributes: message.attributes,
      messageAttributes: message.messageAttributes,
      md5OfBody: message.md5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: this.#config.eventSourceArn,
      awsRegion: this.#host.context.region,
    };
  }

  #log(message: string, detail: unknown): void {
    const { eventSourceArn, functionArn } = this.#config;
    this.#host.context.log('lambda', message, { eventSourceArn, functionArn, detail: String(detail) });
  }
}

/** Filters look into JSON bodies; other bodies are text to them. */
function parsedBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
