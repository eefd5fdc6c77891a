import { describe, expect, it } from 'vitest';
import type { Caller } from '#shared/contracts/caller.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import { createScorerStore } from '../store/scorer-store.ts';
import * as useCases from './scorers.ts';

const anna: Caller = { id: 'anna', grants: [{ project: 'wine', role: 'scientist' }] };
const bob: Caller = { id: 'bob', grants: [{ project: 'beer', role: 'scientist' }] };
const viewer: Caller = { id: 'vera', grants: [{ project: 'wine', role: 'viewer' }] };

const experiments = ['1', '2'].map((experimentId) => ({
  experimentId,
  project: experimentId === '1' ? 'wine' : 'beer',
  name: experimentId,
  artifactLocation: '',
  lifecycleStage: 'active' as const,
  creationTime: 0,
  lastUpdateTime: 0,
  tags: {},
}));

function setUp() {
  let ids = 0;
  const deps: useCases.ScorerDeps = {
    scorers: createScorerStore(createMemoryTable()),
    experiments: { list: async () => experiments },
    heads: {
      experiment: async (id) => experiments.find(({ experimentId }) => experimentId === id),
      run: async () => undefined,
    },
    clock: manualClock('2026-01-01T00:00:00.000Z'),
    newScorerId: () => `id-${++ids}`,
    random: () => 0,
    pause: async () => undefined,
  };
  const register = async (name: string, serialized = '{}', caller = anna, experimentId = '1') =>
    (await useCases.registerScorer(deps, caller, { experimentId, name, serialized })).version.version;
  const versions = async (name: string) =>
    (await useCases.readScorer(deps, anna, '1', name)).versions.map(({ version }) => version);
  return { deps, register, versions };
}

describe('a scorer', () => {
  it('has a version for each time that it was registered, under one id', async () => {
    const { deps, register, versions } = setUp();
    expect([await register('brevity', '{"a":1}'), await register('brevity', '{"a":2}')]).toEqual([1, 2]);
    expect(await versions('brevity')).toEqual([1, 2]);
    expect(await useCases.listScorersOf(deps, viewer, '1')).toMatchObject([
      { scorer: { scorerId: 'id-1', name: 'brevity' }, version: { version: 2, serialized: '{"a":2}' } },
    ]);
  });

  it('goes version by version or as a whole', async () => {
    const { deps, register, versions } = setUp();
    for (const _ of [1, 2, 3]) await register('brevity');
    await useCases.deleteScorer(deps, anna, '1', 'brevity', 1);
    expect(await versions('brevity')).toEqual([2, 3]);
    await expect(useCases.deleteScorer(deps, anna, '1', 'brevity', 1)).rejects.toThrow(
      "Scorer with name 'brevity' and version 1 not found for experiment 1.",
    );
    await useCases.deleteScorer(deps, anna, '1', 'brevity', undefined);
    await expect(versions('brevity')).rejects.toThrow(
      "Scorer with name 'brevity' not found for experiment 1.",
    );
    await expect(useCases.deleteScorer(deps, anna, '1', 'brevity', undefined)).rejects.toThrow('not found');
  });

  it('is of an experiment, and seen and changed by who may do so there', async () => {
    const { deps, register } = setUp();
    await register('brevity');
    await register('hops', '{}', bob, '2');
    await expect(register('brevity', '{}', bob)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(register('brevity', '{}', viewer)).rejects.toMatchObject({ kind: 'forbidden' });
    const names = async (ids?: readonly string[]) =>
      (await useCases.listScorers(deps, anna, ids)).map(({ scorer }) => scorer.name);
    expect([await names(), await names(['1', '2']), await names(['2'])]).toEqual([
      ['brevity'],
      ['brevity'],
      [],
    ]);
  });

  it('needs a name and a JSON text', async () => {
    const { register } = setUp();
    await expect(register('  ')).rejects.toThrow('cannot be empty');
    await expect(register('a'.repeat(257))).rejects.toThrow('256 are allowed');
    await expect(register('brevity', 'nonsense')).rejects.toThrow('must be valid JSON');
  });

  it('loses no version when many register at once', async () => {
    const { register, versions } = setUp();
    await Promise.all(Array.from({ length: 12 }, () => register('brevity')));
    expect(await versions('brevity')).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  });
});
