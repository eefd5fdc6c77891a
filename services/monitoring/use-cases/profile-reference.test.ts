import { describe, expect, it } from 'vitest';
import { projectDefinition } from '#services/projects/contract.ts';
import { createMonitoringWorld, project } from '#test/doubles/monitoring-world.ts';
import { judgeDrift } from '../domain/drift.ts';
import { profileClientVersion } from './profile-client-version.ts';
import { profileReference } from './profile-reference.ts';

describe('the reference of a version that a client registered', () => {
  const consumed = { consumer: 'c', eventId: 'e' };
  const setUp = (hasTrainingSet = true) => {
    const { deps, put } = createMonitoringWorld();
    const lines = Array.from({ length: 200 }, (_, i) => i % 50);
    const set = { signature, trainFeatures: put('train', lines.join('\n')) };
    return { ...deps, trainingSets: { newest: async () => (hasTrainingSet ? set : undefined) } };
  };
  const version = { project, model: project, modelVersion: 4 };

  it('is made of the newest training set, without predictions to compare with', async () => {
    const deps = setUp();
    await profileClientVersion(deps, version, consumed);
    const reference = await deps.store.readReference(project, 4);
    expect(reference).toMatchObject({ modelVersion: 4, task: 'regression' });
    expect(reference?.prediction).toBeUndefined();
    const profile = await deps.objects.readProfile(reference!.profile);
    const rows = Array.from({ length: 200 }, (_, i) => [i % 50]);
    const { monitoring } = projectDefinition.parse({
      name: project,
      owners: ['local'],
      data: { primaryKey: 'id', columns: { id: { type: 'string' }, y: { type: 'number' } } },
      target: { column: 'y', task: 'regression' },
    });
    const judge = (features: number[][]) =>
      judgeDrift(profile, { features, predictions: features.map(() => 1) }, 200, {
        ...monitoring,
        minPredictions: 50,
      });
    expect(judge(rows)).toMatchObject({ verdict: 'Stable', scores: [{ subject: 'size' }] });
    expect(judge(rows.map(([size]) => [size! + 100])).verdict).toBe('Drift');
  });

  it.each([
    ['the project has no training set', version, false],
    ['the model is not the project’s', { ...version, model: 'tumour.shadow' }, true],
  ])('is not made where %s', async (_what, registered, hasTrainingSet) => {
    const deps = setUp(hasTrainingSet);
    await profileClientVersion(deps, registered, consumed);
    expect(await deps.store.readReference(project, 4)).toBeUndefined();
  });
});

const signature = {
  task: 'regression' as const,
  inputs: [{ name: 'size', type: 'number' as const }],
  target: 'y',
  classes: [],
};

describe('a reference', () => {
  it.each([
    [
      'another number of fields',
      '1,2',
      '0.5',
      /'1,2' of s3:\/\/bucket-of-data\/f has 2 fields, the model has 1/,
    ],
    ['text', 'big', '0.5', /holds 'big', which is no number/],
    ['no rows', '', '0.5', /\/f holds no row/],
    ['no predictions', '1', '\n', /\/p holds no row/],
    ['predictions that are no numbers', '1', 'yes', /prediction in line 1 .* is 'yes'/],
  ])('is refused with %s', async (_case, features, predictions, message) => {
    const { deps, put } = createMonitoringWorld();
    const reference = { features: put('f', features), predictions: put('p', predictions) };
    const version = { project, modelVersion: 1, signature, reference };
    await expect(profileReference(deps, version, { consumer: 'c', eventId: 'e' })).rejects.toThrow(message);
    expect(await deps.store.readReference(project, 1)).toBeUndefined();
  });
});
