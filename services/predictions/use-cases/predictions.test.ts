import { describe, expect, it } from 'vitest';
import { manualClock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import type { CapturedPrediction, GroundTruthLabel } from '../contract.ts';
import { predict } from './predict.ts';
import { receiveGroundTruth } from './receive-ground-truth.ts';

const version = (modelVersion: number, share: number) => ({
  model: 'tumour',
  modelVersion,
  share,
  endpointName: `e${modelVersion}`,
  artifactSha256: `sha-${modelVersion}`,
  signature: {
    task: 'binary_classification' as const,
    inputs: [{ name: 'x', type: 'number' as const }],
    target: 'y',
    classes: ['0', '1'],
  },
});

function createWorld(versions = [version(1, 1)], broken: readonly string[] = []) {
  const captured: CapturedPrediction[] = [];
  const labels: GroundTruthLabel[] = [];
  const metered: [number, boolean][] = [];
  const deps = {
    routing: {
      read: async () =>
        versions.length === 0
          ? undefined
          : { project: 'tumour', revision: 1, versions, updatedAt: '2026-01-01T00:00:00.000Z' },
    },
    endpoints: {
      invoke: async (name: string, csv: string) => {
        if (broken.includes(name)) throw new AppError('unavailable', 'ModelUnavailable', 'broken');
        return csv
          .split('\n')
          .map(() => '0.75')
          .join('\n');
      },
    },
    captures: {
      savePredictions: async (_id: string, predictions: readonly CapturedPrediction[]) =>
        void captured.push(...predictions),
      saveLabels: async (_id: string, _project: string, sent: readonly GroundTruthLabel[]) =>
        void labels.push(...sent),
      findPrediction: async () => undefined,
    },
    meter: {
      record: (_project: string, modelVersion: number, { failed }: { failed: boolean }) =>
        void metered.push([modelVersion, failed]),
    },
    clock: manualClock('2026-01-01T00:00:00Z'),
    ids: sequentialIds('r'),
  };
  return { deps, captured, labels, metered };
}

describe('predicting', () => {
  it('answers with an inference id per instance and captures inputs and outputs', async () => {
    const { deps, captured } = createWorld();
    const answer = await predict(deps, {
      project: 'tumour',
      instances: [{ x: 1 }, { x: null }],
      caller: 'app',
    });
    expect(answer).toMatchObject({
      modelVersion: 1,
      artifactSha256: 'sha-1',
      predictions: [{ inferenceId: 'r0001-0', value: '1' }, { inferenceId: 'r0001-1' }],
    });
    expect(captured).toMatchObject([
      {
        inferenceId: 'r0001-0',
        features: { x: 1 },
        prediction: { value: '1', probabilities: { '1': 0.75 } },
        caller: 'app',
      },
      { features: { x: null } },
    ]);
  });

  it('refuses bad instances before any model is asked', async () => {
    const { deps, metered } = createWorld();
    await expect(
      predict(deps, { project: 'tumour', instances: [{ x: 'one' }], caller: 'app' }),
    ).rejects.toMatchObject({
      name: 'InvalidInstances',
      details: { violations: [{ path: 'instances/0/x' }] },
    });
    expect(metered).toEqual([]);
  });

  it('counts the failure of a canary and lets the other version answer', async () => {
    const { deps, metered } = createWorld([version(1, 0), version(2, 1)], ['e2']);
    await expect(
      predict(deps, { project: 'tumour', instances: [{ x: 1 }], caller: 'app' }),
    ).rejects.toMatchObject({ name: 'ModelUnavailable' });
    const both = createWorld([version(1, 0.5), version(2, 0.5)], ['e2']);
    for (let i = 0; i < 20; i++)
      expect(
        await predict(both.deps, { project: 'tumour', instances: [{ x: 1 }], caller: 'app' }),
      ).toMatchObject({ modelVersion: 1 });
    expect(metered).toEqual([[2, true]]);
    expect(both.metered.filter(([, failed]) => failed).every(([modelVersion]) => modelVersion === 2)).toBe(
      true,
    );
  });

  it('says that nothing is deployed', async () => {
    await expect(
      predict(createWorld([]).deps, { project: 'tumour', instances: [{ x: 1 }], caller: 'app' }),
    ).rejects.toMatchObject({ name: 'NothingDeployed' });
  });
});

describe('ground truth', () => {
  it('takes values of the model’s classes, as text or number', async () => {
    const { deps, labels } = createWorld();
    expect(
      await receiveGroundTruth(deps, 'tumour', [
        { inferenceId: 'a', value: 1 },
        { inferenceId: 'b', value: '0' },
      ]),
    ).toEqual({ accepted: 2 });
    expect(labels.map((label) => label.inferenceId)).toEqual(['a', 'b']);
  });

  it('refuses all when one value is impossible', async () => {
    const { deps, labels } = createWorld();
    await expect(
      receiveGroundTruth(deps, 'tumour', [
        { inferenceId: 'a', value: 1 },
        { inferenceId: 'b', value: 'maybe' },
      ]),
    ).rejects.toMatchObject({ name: 'InvalidLabels', message: expect.stringContaining('allowed is 0, 1') });
    expect(labels).toEqual([]);
  });
});
