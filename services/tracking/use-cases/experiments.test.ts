import { describe, expect, it } from 'vitest';
import { operator, scientistOf, trackingFor } from '#test/doubles/tracking.ts';
import { experimentIdOf } from '../domain/identifiers.ts';
import {
  deleteExperimentTag,
  moveExperiment,
  renameExperiment,
  setExperimentTag,
} from './change-experiment.ts';
import { readExperiment, readExperimentByName } from './experiments.ts';

describe('an experiment', () => {
  it('of a name that is a project’s is that project’s, wherever it comes from', async () => {
    const { newExperiment, deps } = trackingFor();
    expect(await newExperiment('wine')).toBe(experimentIdOf('wine'));
    expect(await newExperiment('wine/tuning')).toMatch(/^9/);
    expect(await readExperimentByName(deps, operator, 'wine')).toMatchObject({ project: 'wine' });
  });

  it('0 is always there, and can be renamed and deleted', async () => {
    const { deps, newRun, newExperiment } = trackingFor();
    expect((await readExperimentByName(deps, operator, 'Default')).experimentId).toBe('0');
    await expect(newExperiment('Default')).rejects.toThrow('Experiment(name=Default) already exists.');
    await renameExperiment(deps, operator, '0', 'Other');
    expect(await newExperiment('Default')).not.toBe('0');
    await moveExperiment(deps, operator, '0', 'deleted');
    await expect(newRun()).rejects.toThrow(/must be in the 'active' state. Current state is deleted/);
  });

  it('has a name of its own, also among the deleted', async () => {
    const { deps, newExperiment, memory } = trackingFor();
    const first = await newExperiment('a/1');
    await moveExperiment(deps, operator, first, 'deleted');
    await expect(newExperiment('a/1')).rejects.toMatchObject({ code: 'ExperimentExists' });
    const second = await newExperiment('a/2');
    await expect(renameExperiment(deps, operator, second, 'a/1')).rejects.toMatchObject({
      kind: 'already_exists',
    });
    await expect(renameExperiment(deps, operator, first, 'a/3')).rejects.toMatchObject({
      kind: 'invalid_input',
    });
    await moveExperiment(deps, operator, first, 'active');
    await renameExperiment(deps, operator, first, 'a/3');
    expect(await newExperiment('a/1')).toBeDefined();
    expect(memory.published.map(({ detail }) => (detail.data as { change: string }).change)).toEqual([
      'created',
      'deleted',
      'created',
      'restored',
      'renamed',
      'created',
    ]);
  });

  it('of another project is not there', async () => {
    const { deps, newExperiment } = trackingFor();
    const id = await newExperiment('wine');
    const stranger = scientistOf('tumour');
    await expect(readExperiment(deps, stranger, id)).rejects.toMatchObject({ code: 'ExperimentNotFound' });
    const viewer = { id: 'v', grants: [{ project: 'wine', role: 'viewer' as const }] };
    await expect(setExperimentTag(deps, viewer, id, { key: 'a', value: 'b' })).rejects.toMatchObject({
      kind: 'forbidden',
    });
  });

  it('keeps tags until they are deleted, and its project for ever', async () => {
    const { deps, newExperiment } = trackingFor();
    const id = await newExperiment('wine');
    await setExperimentTag(deps, operator, id, { key: 'a', value: 'b' });
    expect((await readExperiment(deps, operator, id)).experiment.tags).toEqual({ a: 'b' });
    await deleteExperimentTag(deps, operator, id, 'a');
    await expect(deleteExperimentTag(deps, operator, id, 'a')).rejects.toMatchObject({ kind: 'not_found' });
    await expect(
      setExperimentTag(deps, operator, id, { key: 'millrace.project', value: 'x' }),
    ).rejects.toMatchObject({ kind: 'invalid_input' });
  });
});
