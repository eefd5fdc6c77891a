import { describe, expect, it } from 'vitest';
import type { EvaluationCompleted } from '#events/evaluation.ts';
import { evaluateModel as task } from '#services/evaluation/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import { createEvaluationStore } from '../store/evaluation-store.ts';
import { evaluateModel } from './evaluate-model.ts';
import { readEvaluation } from './read-evaluation.ts';

const clock = manualClock('2026-01-01T00:00:00.000Z');
const cause = startingJourney({
  eventId: 'E1',
  occurredAt: clock.now(),
  project: 'tumour',
  actor: { type: 'user', id: 'ann' },
});
const labels = Array.from({ length: 40 }, (_, i) => `${i % 2},row-${i}`).join('\n');
const sharp = Array.from({ length: 40 }, (_, i) => (i % 2 ? '0.9' : '0.1')).join('\n');
const blunt = Array.from({ length: 40 }, (_, i) => (i % 4 ? '0.9' : '0.1')).join('\n');

function setUp(files: Record<string, string>) {
  const table = createMemoryTable();
  const reports: unknown[] = [];
  const stored = (name: string) => ({
    uri: `s3://data/${name}`,
    sha256: sha256Hex(files[name] ?? ''),
    bytes: (files[name] ?? '').length,
  });
  const deps = {
    store: createEvaluationStore(table),
    objects: {
      readText: async ({ uri }: { uri: string }) => files[uri.slice('s3://data/'.length)] ?? '',
      writeReport: async (project: string, trainingId: string, report: unknown) => {
        reports.push(report);
        const text = JSON.stringify(report);
        return {
          uri: `s3://data/evaluations/${project}/${trainingId}.json`,
          sha256: sha256Hex(text),
          bytes: text.length,
        };
      },
    },
    projects: {
      gates: async () => ({
        thresholds: [{ metric: 'auc' as const, min: 0.9 }],
        champion: { metric: 'auc' as const, tolerance: 0 },
        minTestRows: 30,
      }),
    },
    clock,
    ids: sequentialIds('ev'),
  };
  const input = (parts: { champion?: boolean; classes?: string[] } = {}) =>
    task.input.parse({
      project: 'tumour',
      projectRevision: 1,
      trainingId: 'T1',
      runId: 'r1',
      signature: {
        task: 'binary_classification',
        inputs: [{ name: 'size', type: 'number' }],
        target: 'malignant',
        classes: ['0', '1'],
      },
      labels: stored('labels'),
      predictions: stored('predictions'),
      ...(parts.champion ? { champion: { modelVersion: 3, predictions: stored('champion') } } : {}),
    });
  return { table, reports, deps, input };
}

describe('evaluating a model', () => {
  it('compares with the champion on the same rows, writes the report and tells of it', async () => {
    const { table, reports, deps, input } = setUp({ labels, predictions: sharp, champion: blunt });
    const result = await evaluateModel(deps, input({ champion: true }), cause);
    expect(result).toMatchObject({ verdict: 'Pass', metrics: { auc: 1, accuracy: 1 } });
    expect(result.championMetrics?.['auc']).toBeLessThan(1);
    expect(reports).toEqual([
      expect.objectContaining({
        testRows: 40,
        championVersion: 3,
        confusionMatrix: [
          [20, 0],
          [0, 20],
        ],
      }),
    ]);
    const [event] = table.published;
    expect(event?.detailType).toBe('EvaluationCompleted.v1');
    const data = event?.detail.data as ReturnType<typeof EvaluationCompleted.data.parse>;
    expect(data).toMatchObject({ verdict: 'Pass', championVersion: 3, report: result.report });
  });

  it('fails a challenger that is worse than the champion', async () => {
    const { deps, input } = setUp({ labels, predictions: blunt, champion: sharp });
    expect((await evaluateModel(deps, input({ champion: true }), cause)).verdict).toBe('Fail');
  });

  it('answers the same and tells nothing more when it is called again', async () => {
    const { table, reports, deps, input } = setUp({ labels, predictions: sharp });
    const first = await evaluateModel(deps, input(), cause);
    expect(await evaluateModel(deps, input(), cause)).toEqual(first);
    expect(table.published).toHaveLength(1);
    expect(reports).toHaveLength(1);
  });

  it('refuses predictions of another number of rows', async () => {
    const { deps, input } = setUp({ labels, predictions: '0.5' });
    await expect(evaluateModel(deps, input(), cause)).rejects.toMatchObject({ code: 'PredictionsMismatch' });
  });

  it('is read back by its project only', async () => {
    const { deps, input } = setUp({ labels, predictions: sharp });
    await evaluateModel(deps, input(), cause);
    const found = await readEvaluation(deps.store, { project: 'tumour', trainingId: 'T1' });
    expect(found).toMatchObject({ trainingId: 'T1', testRows: 40, evaluatedAt: '2026-01-01T00:00:00.000Z' });
    await expect(readEvaluation(deps.store, { project: 'wine', trainingId: 'T1' })).rejects.toMatchObject({
      code: 'EvaluationNotFound',
    });
  });
});
