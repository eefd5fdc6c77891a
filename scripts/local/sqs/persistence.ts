import { PersistenceManager, type SqsStore } from './fauxqs.ts';

interface Receipts {
  readonly count: number;
  readonly firstReceivedMs: number | undefined;
}

/**
 * Queues and messages in SQLite. The base class forgets how often a message was received when it is made visible again, and fails on
 * the column that must hold the count; so the count of each message in flight is kept here.
 */
export class QueuePersistence extends PersistenceManager {
  readonly #receipts = new Map<string, Receipts>();

  /** Learns the counts of messages that were in flight when the runtime stopped. */
  learnReceipts(sqsStore: SqsStore): void {
    for (const queue of sqsStore.allQueues()) {
      for (const { message } of queue.inflightMessages.values()) {
        this.#receipts.set(message.messageId, {
          count: message.approximateReceiveCount,
          firstReceivedMs: message.approximateFirstReceiveTimestamp,
        });
      }
    }
  }

  override updateMessageInflight(
    messageId: string,
    receiptHandle: string,
    visibilityDeadline: number,
    receiveCount: number,
    firstReceivedMs: number | undefined,
  ): void {
    this.#receipts.set(messageId, { count: receiveCount, firstReceivedMs });
    super.updateMessageInflight(messageId, receiptHandle, visibilityDeadline, receiveCount, firstReceivedMs);
  }

  /** A message without receipt handle and deadline is loaded as visible. */
  override updateMessageReady(messageId: string): void {
    const { count, firstReceivedMs } = this.#receipts.get(messageId) ?? {
      count: 0,
      firstReceivedMs: undefined,
    };
    super.updateMessageInflight(messageId, '', 0, count, firstReceivedMs);
  }

  override deleteMessage(messageId: string): void {
    this.#receipts.delete(messageId);
    super.deleteMessage(messageId);
  }
}
