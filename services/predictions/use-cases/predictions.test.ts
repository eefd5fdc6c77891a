import { describe, expect, it } from 'vitest';
import { predictionsWorld, routedVersion } from '#test/doubles/predictions.ts';
import { predict } from './predict.ts';
import { receiveGroundTruth } from './receive-ground-truth.ts';

describe('predicting', () => {
  it('answers with an inference id per instance and captures inputs and outputs', async () => {
    const { deps, captured } = predictionsWorld();
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
    const { deps, metered } = predictionsWorld();
    await expect(
      predict(deps, { project: 'tumour', instances: [{ x: 'one' }], caller: 'app' }),
    ).rejects.toMatchObject({
      name: 'InvalidInstances',
      details: { violations: [{ path: 'instances/0/x' }] },
    });
    expect(metered).toEqual([]);
  });

  it('counts the failure of a canary and lets the other version answer', async () => {
    const { deps, metered } = predictionsWorld({
      versions: [routedVersion(1, 0), routedVersion(2, 1)],
      broken: ['e2'],
    });
    await expect(
      predict(deps, { project: 'tumour', instances: [{ x: 1 }], caller: 'app' }),
    ).rejects.toMatchObject({ name: 'ModelUnavailable' });
    const both = predictionsWorld({
      versions: [routedVersion(1, 0.5), routedVersion(2, 0.5)],
      broken: ['e2'],
    });
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
      predict(predictionsWorld({ versions: [] }).deps, {
        project: 'tumour',
        instances: [{ x: 1 }],
        caller: 'app',
      }),
    ).rejects.toMatchObject({ name: 'NothingDeployed' });
  });
});

describe('ground truth', () => {
  it('takes values of the model’s classes, as text or number', async () => {
    const { deps, labels } = predictionsWorld();
    expect(
      await receiveGroundTruth(deps, 'tumour', [
        { inferenceId: 'a', value: 1 },
        { inferenceId: 'b', value: '0' },
      ]),
    ).toEqual({ accepted: 2 });
    expect(labels.map((label) => label.inferenceId)).toEqual(['a', 'b']);
  });

  it('refuses all when one value is impossible', async () => {
    const { deps, labels } = predictionsWorld();
    await expect(
      receiveGroundTruth(deps, 'tumour', [
        { inferenceId: 'a', value: 1 },
        { inferenceId: 'b', value: 'maybe' },
      ]),
    ).rejects.toMatchObject({ name: 'InvalidLabels', message: expect.stringContaining('allowed is 0, 1') });
    expect(labels).toEqual([]);
  });
});
