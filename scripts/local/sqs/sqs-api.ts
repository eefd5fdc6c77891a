import { AwsError, type RuntimeContext, type SqsApi, type SqsMessage } from '../emulated-service.ts';
import { type SqsQueue, SqsStore } from './fauxqs.ts';
import type { Queues } from './queues.ts';
import type { ResourcePolicies } from './resource-policies.ts';

/** What other parts of the runtime may do with queues. */
export class QueueApi implements SqsApi {
  readonly #queues: Queues;
  readonly #policies: ResourcePolicies;
  readonly #context: RuntimeContext;
  #stopped = false;

  constructor(queues: Queues, policies: ResourcePolicies, context: RuntimeContext) {
    this.#queues = queues;
    this.#policies = policies;
    this.#context = context;
  }

  async sendMessage(
    queueArn: string,
    body: string,
    options: Parameters<SqsApi['sendMessage']>[2],
  ): Promise<void> {
    const queue = this.#queues.get(queueArn);
    this.#policies.demand(options.principal, { action: 'sqs:SendMessage', resource: queueArn });
    const maxBytes = Number(queue.attributes['MaximumMessageSize']);
    if (Buffer.byteLength(body) > maxBytes) {
      throw new AwsError(
        'InvalidParameterValue',
        `One or more parameters are invalid. Reason: Message must be shorter than ${maxBytes} bytes.`,
      );
    }
    const attributes = Object.entries(options.attributes ?? {}).map(
      ([name, value]) => [name, { DataType: 'String', StringValue: value }] as const,
    );
    enqueue(queue, body, Object.fromEntries(attributes));
  }

  async receive(
    queueArn: string,
    { max, waitSeconds }: { max: number; waitSeconds: number },
  ): Promise<readonly SqsMessage[]> {
    const endMs = Date.now() + waitSeconds * 1000;
    for (;;) {
      const queue = this.#queues.get(queueArn);
      const received = queue.dequeue(max, undefined, (arn) => this.#queues.sqs.getQueueByArn(arn));
      if (received.length > 0)
        return received.map((message) => toMessage(queue, message, this.#context.accountId));
      const leftMs = endMs - Date.now();
      if (leftMs <= 0 || this.#stopped) return [];
      await nextChange(queue, leftMs);
    }
  }

  async deleteMessages(queueArn: string, receiptHandles: readonly string[]): Promise<void> {
    const queue = this.#queues.get(queueArn);
    for (const handle of receiptHandles) queue.deleteMessage(handle);
  }

  /** Lets waiting receives return. */
  stop(): void {
    this.#stopped = true;
  }
}

/** Puts a message into a queue; FIFO queues get one group and deduplicate by content, as for senders who cannot choose. */
export function enqueue(
  queue: SqsQueue,
  body: string,
  attributes: Parameters<typeof SqsStore.createMessage>[1] = {},
): void {
  const delaySeconds = Number(queue.attributes['DelaySeconds']);
  const delay = delaySeconds > 0 ? delaySeconds : undefined;
  if (!queue.isFifo()) {
    queue.enqueue(SqsStore.createMessage(body, attributes, delay));
    return;
  }
  const deduplicationId = SqsStore.contentBasedDeduplicationId(body);
  if (queue.checkDeduplication(deduplicationId).isDuplicate) return;
  const message = SqsStore.createMessage(body, attributes, delay, 'default', deduplicationId);
  message.sequenceNumber = queue.nextSequenceNumber();
  queue.recordDeduplication(deduplicationId, message.messageId, message.sequenceNumber);
  queue.enqueue(message);
}

/**
 * Resolves when a message arrives or the next one becomes visible. The queue's own waiting looks every 20 ms; a mapping waits all
 * day, so this one sets a single timer.
 */
function nextChange(queue: SqsQueue, atMostMs: number): Promise<void> {
  const inFlight = [...queue.inflightMessages.values()].map(({ visibilityDeadline }) => visibilityDeadline);
  const delayed = [...queue.delayedMessages, ...[...queue.fifoDelayed.values()].flat()].flatMap(
    ({ delayUntil }) => (delayUntil === undefined ? [] : [delayUntil]),
  );
  const next = Math.min(...inFlight, ...delayed);
  const waitMs = Math.max(1, Math.min(atMostMs, next - Date.now() + 1));
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      queue.pollWaiters = queue.pollWaiters.filter((waiter) => waiter.timer !== timer);
      resolve();
    }, waitMs);
    queue.pollWaiters.push({ resolve, timer });
  });
}

function toMessage(
  queue: SqsQueue,
  received: ReturnType<SqsQueue['dequeue']>[number],
  accountId: string,
): SqsMessage {
  const message = queue.inflightMessages.get(received.ReceiptHandle)?.message;
  const system = {
    ApproximateReceiveCount: message?.approximateReceiveCount,
    SentTimestamp: message?.sentTimestamp,
    SenderId: accountId,
    ApproximateFirstReceiveTimestamp: message?.approximateFirstReceiveTimestamp,
    SequenceNumber: message?.sequenceNumber,
    MessageGroupId: message?.messageGroupId,
    MessageDeduplicationId: message?.messageDeduplicationId,
  };
  const known = Object.entries(system).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  return {
    messageId: received.MessageId,
    receiptHandle: received.ReceiptHandle,
    body: received.Body,
    attributes: Object.fromEntries(known),
    messageAttributes: received.MessageAttributes ?? {},
    md5OfBody: received.MD5OfBody,
  };
}
