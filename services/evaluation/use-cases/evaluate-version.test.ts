import { describe, expect, it } from 'vitest';
import { evaluateVersion as task } from '#services/evaluation/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import { createVersionEvaluationStore } from '../store/version-evaluation-store.ts';
import { evaluateVersion, readVersionEvaluation } from './evaluate-version.ts';

const clock = manualClock('2026-01-01T00:00:00.000Z');
const cause = startingJourney({
  eventId: 'E1',
  occurredAt: clock.now(),
  project: 'tumour',
  actor: { type: 'user', id: 'ada' },
});
const lines = (of: (i: number) => string) => Array.from({ length: 40 }, (_, i) => of(i)).join('\n');
const files: Readonly<Record<string, string>> = {
  labels: lines((i) => `${i % 2},row-${i}`),
  sharp: lines((i) => (i % 2 ? '0.9' : '0.1')),
  blunt: lines((i) => (i % 4 ? '0.9' : '0.1')),
};
const stored = (name: string) => ({
  uri: `s3://data/${name}`,
  sha256: sha256Hex(files[name] ?? ''),
  bytes: (files[name] ?? '').length,
});

function setUp() {
  const table = createMemoryTable();
  const written: string[] = [];
  const deps = {
    store: createVersionEvaluationStore(table),
    objects: {
      readText: async ({ uri }: { uri: string }) => files[uri.slice('s3://data/'.length)] ?? '',
      writeReport: async (project: string, of: string) => {
        written.push(`${project}/${of}`);
        return { uri: `s3://data/evaluations/${project}/${of}.json`, sha256: 'a'.repeat(64), bytes: 1 };
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
  const evaluate = (releaseId: string, predictions = 'sharp', champion?: string) =>
    evaluateVersion(
      deps,
      task.input.parse({
        project: 'tumour',
        projectRevision: 1,
        releaseId,
        model: 'tumour',
        modelVersion: 2,
        trainingSetId: 'S1',
        datasetVersion: 3,
        signature: {
          task: 'binary_classification',
          inputs: [{ name: 'size', type: 'number' }],
          target: 'malignant',
          classes: ['0', '1'],
        },
        labels: stored('labels'),
        predictions: stored(predictions),
        ...(champion ? { champion: { modelVersion: 1, predictions: stored(champion) } } : {}),
      }),
      cause,
    );
  return { table, written, deps, evaluate };
}

describe('evaluating a version that a client registered', () => {
  it('measures it as trainings are, and tells on whose rows', async () => {
    const { table, written, evaluate } = setUp();
    expect(await evaluate('R1', 'blunt', 'sharp')).toMatchObject({
      verdict: 'Fail',
      championMetrics: { auc: 1 },
    });
    expect(written).toEqual(['tumour/R1']);
    expect(table.published.map(({ detailType, detail }) => [detailType, detail.data])).toMatchObject([
      [
        'ModelVersionEvaluated.v1',
        { modelVersion: 2, releaseId: 'R1', trainingSetId: 'S1', datasetVersion: 3, championVersion: 1 },
      ],
    ]);
  });

  it('answers the same and tells nothing more when the release asks again', async () => {
    const { table, written, evaluate } = setUp();
    const first = await evaluate('R1');
    expect(await evaluate('R1', 'blunt')).toEqual(first);
    expect([table.published.length, written.length]).toEqual([1, 1]);
  });

  it('is read by version: what its newest release found', async () => {
    const { deps, evaluate } = setUp();
    const of = { project: 'tumour', modelVersion: 2 };
    await expect(readVersionEvaluation(deps.store, of)).rejects.toMatchObject({ code: 'EvaluationNotFound' });
    await evaluate('R1', 'blunt');
    await evaluate('R2');
    expect(await readVersionEvaluation(deps.store, of)).toMatchObject({ releaseId: 'R2', verdict: 'Pass' });
  });
});
