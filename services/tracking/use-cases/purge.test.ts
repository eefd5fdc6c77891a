import { describe, expect, it } from 'vitest';
import { operator, point, scientistOf, trackingFor } from '#test/doubles/tracking.ts';
import type { Erasure } from '../ports/erasure.ts';
import type { SealedSource } from '../ports/sealed-sources.ts';
import { partitionErasure } from '../store/item-erasure.ts';
import { metricsPartition } from '../store/keys.ts';
import { moveExperiment } from './change-experiment.ts';
import { readExperimentByName } from './experiments.ts';
import { moveRun } from './log-to-run.ts';
import { type PurgeDeps, purgeExperiment, purgeRun } from './purge.ts';

/** As many objects of a run as there are in the bucket. */
const objects = (count: number): Erasure => {
  let left = count;
  return {
    async erase(most) {
      const erased = Math.min(left, most, 1000);
      left -= erased;
      return erased;
    },
  };
};

function setUp(objectCount = 0) {
  const tracking = trackingFor();
  const sources: SealedSource[] = [];
  const ofBucket = objects(objectCount);
  const deps: PurgeDeps = {
    ...tracking.deps,
    erasures: {
      ofRun: ({ runId }) => [ofBucket, partitionErasure(tracking.memory, metricsPartition(runId))],
      ofExperiment: () => [],
    },
    sealed: { sourcesOf: async () => sources, seal: async () => undefined },
    models: { ofExperiments: async () => [] },
  };
  return { ...tracking, deps, sources };
}

describe('a purge', () => {
  it('leaves nothing of an experiment and its runs, and frees the name', async () => {
    const { deps, newExperiment, newRun, log, memory } = setUp();
    const id = await newExperiment('a/1');
    const { runId } = await newRun(id);
    await log(runId, { metrics: Array.from({ length: 300 }, (_, i) => point('m', i, i)) });
    await moveExperiment(deps, operator, id, 'deleted');
    expect(await purgeExperiment(deps, operator, id)).toMatchObject({ finished: true });
    expect(memory.items().filter(({ pk }) => !pk.startsWith('OUTBOX#'))).toEqual([]);
    await expect(readExperimentByName(deps, operator, 'a/1')).rejects.toMatchObject({ kind: 'not_found' });
    expect(memory.published.map(({ detail }) => (detail.data as { change: string }).change)).toEqual([
      'created',
      'deleted',
      'purged',
      'purged',
    ]);
  });

  it('does a bounded part of the work in each call', async () => {
    const { deps, newRun } = setUp(12_000);
    const { runId } = await newRun();
    await moveRun(deps, operator, runId, 'deleted');
    const calls = [];
    do calls.push(await purgeRun(deps, operator, runId));
    while (!calls.at(-1)?.finished);
    expect(calls.length).toBeGreaterThan(2);
    expect(Math.max(...calls.map(({ removed }) => removed))).toBeLessThanOrEqual(5000);
    expect(calls.reduce((sum, { removed }) => sum + removed, 0)).toBe(12_001);
    await expect(purgeRun(deps, operator, runId)).rejects.toMatchObject({ code: 'RunNotFound' });
  });

  it('is for what is deleted, by admins, and never for the default experiment', async () => {
    const { deps, newRun } = setUp();
    const { runId } = await newRun();
    await expect(purgeRun(deps, operator, runId)).rejects.toThrow(/run \S+ is active\. Delete it first/);
    await moveRun(deps, operator, runId, 'deleted');
    await expect(purgeRun(deps, scientistOf('default'), runId)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(purgeRun(deps, scientistOf('wine'), runId)).rejects.toMatchObject({ kind: 'not_found' });
    await moveExperiment(deps, operator, '0', 'deleted');
    await expect(purgeExperiment(deps, operator, '0')).rejects.toThrow(/default experiment always exists/);
  });

  it('leaves what a registered model version was made from', async () => {
    const { deps, newRun, sources, memory } = setUp();
    const { runId } = await newRun();
    await moveRun(deps, operator, runId, 'deleted');
    sources.push({ source: 'x', model: 'wine', version: '3' });
    await expect(purgeRun(deps, operator, runId)).rejects.toThrow(/Version 3 of the registered model wine/);
    expect(memory.items().some(({ sk }) => sk === 'RUN')).toBe(true);
  });
});
