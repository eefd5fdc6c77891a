import type { RuntimeContext } from '../emulated-service.ts';

const metricName = 'ApproximateNumberOfMessagesVisible';

/** What is measured of a queue. */
export interface MeasuredQueue {
  readonly name: string;
  readonly messages: readonly unknown[];
}

/**
 * Sends the number of visible messages to CloudWatch, as SQS does for active queues: a queue is reported while it holds messages and
 * once more when it is empty again, so that an alarm on it can fire and be at rest again.
 */
export class QueueMetrics {
  readonly #context: Pick<RuntimeContext, 'cloudwatch'>;
  readonly #queues: () => Iterable<MeasuredQueue>;
  readonly #held = new Set<string>();

  constructor(context: Pick<RuntimeContext, 'cloudwatch'>, queues: () => Iterable<MeasuredQueue>) {
    this.#context = context;
    this.#queues = queues;
  }

  /** Reports every queue as it is now. */
  report(): void {
    for (const { name, messages } of this.#queues()) {
      const value = messages.length;
      if (value === 0 && !this.#held.delete(name)) continue;
      if (value > 0) this.#held.add(name);
      this.#context.cloudwatch.putMetricData('AWS/SQS', [
        { name: metricName, value, unit: 'Count', dimensions: { QueueName: name } },
      ]);
    }
  }
}
