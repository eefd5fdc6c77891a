import { describe, expect, it } from 'vitest';
import { createMonitoringWorld, project } from '#test/doubles/monitoring-world.ts';
import { profileReference } from './profile-reference.ts';

describe('a reference', () => {
  const signature = {
    task: 'regression' as const,
    inputs: [{ name: 'size', type: 'number' as const }],
    target: 'y',
    classes: [],
  };
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
