import { describe, expect, it } from 'vitest';
import { QueueMetrics } from './queue-metrics.ts';

function measured() {
  const queue = { name: 'registry-dead-letters', messages: [] as string[] };
  const points: { name: string; value: number; dimensions: Readonly<Record<string, string>> }[] = [];
  const cloudwatch = {
    putMetricData: (_namespace: string, given: readonly (typeof points)[number][]) =>
      void points.push(...given),
  };
  const metrics = new QueueMetrics({ cloudwatch }, () => [queue]);
  return { queue, metrics, values: () => points.map(({ value }) => value), points };
}

describe('QueueMetrics', () => {
  it('reports the messages of a queue while it holds some, by its name', () => {
    const { queue, metrics, points } = measured();
    queue.messages.push('failed', 'failed too');
    metrics.report();
    metrics.report();
    expect(points).toEqual(
      Array(2).fill({
        name: 'ApproximateNumberOfMessagesVisible',
        value: 2,
        unit: 'Count',
        dimensions: { QueueName: 'registry-dead-letters' },
      }),
    );
  });

  it('reports once that a queue is empty again, and nothing of queues that stay empty', () => {
    const { queue, metrics, values } = measured();
    metrics.report();
    queue.messages.push('failed');
    metrics.report();
    queue.messages.pop();
    metrics.report();
    metrics.report();
    expect(values()).toEqual([1, 0]);
  });
});
