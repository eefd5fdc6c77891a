import type { LoggedMetric } from '../domain/run.ts';
import type { ModelPoints } from '../ports/logged-models.ts';

/**
 * The metrics of a message that name a model (`model_id`), by model. `metrics` are the same as they were checked for the run, in
 * the same order.
 */
export function modelPointsOf(messages: readonly unknown[], metrics: readonly LoggedMetric[]): ModelPoints[] {
  const byModel = new Map<string, ModelPoints['metrics'][number][]>();
  for (const [index, { key, value, timestamp, step }] of metrics.entries()) {
    const fields = messages[index] as Readonly<Record<string, unknown>>;
    const modelId = textOf(fields['model_id']);
    if (modelId === undefined) continue;
    const points = byModel.get(modelId) ?? [];
    points.push({
      key,
      value,
      timestampMs: timestamp,
      step,
      datasetName: textOf(fields['dataset_name']),
      datasetDigest: textOf(fields['dataset_digest']),
    });
    byModel.set(modelId, points);
  }
  return [...byModel].map(([modelId, points]) => ({ modelId, metrics: points }));
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
