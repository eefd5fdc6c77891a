import { describe, expect, it } from 'vitest';
import { operator, point, trackingFor } from '#test/doubles/tracking.ts';
import { goldenItems } from '../store/golden-items.ts';
import { moveExperiment } from './change-experiment.ts';
import { createRun } from './create-run.ts';
import { readExperiment } from './experiments.ts';
import { deleteRunTag, moveRun, setRunTag, updateRun } from './log-to-run.ts';
import { searchRuns } from './search-runs.ts';

describe('a run of a client', () => {
  it('has a name that its tag says too, made up where nobody gave one', async () => {
    const { deps, newRun, read } = trackingFor();
    const { runId, name } = await newRun();
    expect(name).toMatch(/^[a-z]+-[a-z]+-\d{1,3}$/);
    expect((await read(runId)).tags).toEqual({ 'mlflow.runName': name });
    await setRunTag(deps, operator, runId, { key: 'mlflow.runName', value: 'second' });
    expect((await read(runId)).name).toBe('second');
    await updateRun(deps, operator, runId, { name: 'third' });
    expect((await read(runId)).tags['mlflow.runName']).toBe('third');
    const tags = [{ key: 'mlflow.runName', value: 'a' }];
    await expect(
      createRun(deps, operator, { experimentId: '0', userId: '', name: 'b', startTime: 1, tags }),
    ).rejects.toThrow(/run_name='b', mlflow.runName='a'/);
  });

  it('writes params once; a batch that changes one is not stored at all', async () => {
    const { newRun, log, read, wholeHistory } = trackingFor();
    const { runId } = await newRun();
    await log(runId, { params: [{ key: 'eta', value: '1' }] });
    await log(runId, { params: [{ key: 'eta', value: '1' }] });
    const batch = {
      metrics: [point('m', 1, 1)],
      params: [
        { key: 'eta', value: '2' },
        { key: 'new', value: '1' },
      ],
      tags: [{ key: 't', value: '1' }],
    };
    await expect(log(runId, batch)).rejects.toThrow(
      /^Changing param values is not allowed\. Params were already/,
    );
    expect(await read(runId)).toMatchObject({ params: { eta: '1' }, metrics: {} });
    expect((await read(runId)).tags).not.toHaveProperty('t');
    expect(await wholeHistory(runId, 'm')).toEqual([]);
  });

  it('cuts long values, and refuses names that are paths to other places', async () => {
    const { newRun, log, read } = trackingFor();
    const { runId } = await newRun();
    await log(runId, {
      params: [{ key: 'p', value: 'ü'.repeat(7000) }],
      tags: [{ key: 't', value: 'x'.repeat(9000) }],
    });
    const run = await read(runId);
    expect([run.params['p']?.length, run.tags['t']?.length]).toEqual([6000, 8000]);
    for (const key of ['../a', 'a//b', '/a', '.', 'a/./b', 'a?'])
      await expect(log(runId, { params: [{ key, value: '1' }] })).rejects.toMatchObject({
        kind: 'invalid_input',
      });
    for (const key of ['a/b', 'Größe: 1', 'a.b', '__proto__', 'constructor'])
      await log(runId, {
        params: [{ key, value: '1' }],
        metrics: [point(key, 1, 1)],
        tags: [{ key, value: '1' }],
      });
    expect(Object.keys((await read(runId)).params)).toContain('__proto__');
  });

  it('takes nothing while it or its experiment is deleted', async () => {
    const { deps, newRun, newExperiment, log, read } = trackingFor();
    const id = await newExperiment('wine');
    const { runId } = await newRun(id);
    const other = await newRun(id);
    await moveRun(deps, operator, runId, 'deleted');
    await expect(log(runId, { metrics: [point('m', 1, 1)] })).rejects.toThrow(
      /must be in the 'active' state/,
    );
    await moveRun(deps, operator, runId, 'active');
    await log(runId, { metrics: [point('m', 1, 1)] });
    await moveRun(deps, operator, other.runId, 'deleted');
    await moveExperiment(deps, operator, id, 'deleted');
    expect((await read(runId)).lifecycleStage).toBe('deleted');
    await expect(log(runId, { metrics: [point('m', 2, 2)] })).rejects.toThrow(
      /must be in the 'active' state/,
    );
    await moveExperiment(deps, operator, id, 'active');
    expect((await read(runId)).lifecycleStage).toBe('active');
    expect((await read(other.runId)).lifecycleStage).toBe('deleted');
  });

  it('tells that it ended, once, and of tags that change later', async () => {
    const { deps, newRun, memory, log } = trackingFor();
    const { runId } = await newRun();
    await log(runId, {
      metrics: [point('auc', 0.9, 1), point('bad', Number.NaN, 1)],
      tags: [{ key: 'a', value: '1' }],
    });
    expect(memory.published).toEqual([]);
    await updateRun(deps, operator, runId, { status: 'FINISHED', endTime: 5 });
    await updateRun(deps, operator, runId, { status: 'FINISHED', endTime: 5 });
    await setRunTag(deps, operator, runId, { key: 'a', value: '2' });
    await setRunTag(deps, operator, runId, { key: 'a', value: '2' });
    await deleteRunTag(deps, operator, runId, 'a');
    await moveRun(deps, operator, runId, 'deleted');
    expect(
      memory.published.map(({ detail, detailType }) => [detailType, detail.metadata.actor.id, detail.data]),
    ).toMatchObject([
      ['RunFinished.v1', 'olga', { status: 'FINISHED', metrics: { auc: 0.9 } }],
      ['RunChanged.v1', 'olga', { change: 'tagged', setTags: { a: '2' } }],
      ['RunChanged.v1', 'olga', { change: 'tagged', removedTags: ['a'] }],
      ['RunChanged.v1', 'olga', { change: 'deleted' }],
    ]);
  });

  it('that release 0.1 stored is read, listed and written', async () => {
    const { deps, memory, read, log } = trackingFor();
    const [former] = goldenItems.run;
    const [experiment] = goldenItems.experiment;
    await memory.put(former);
    await memory.put(experiment);
    await memory.put(goldenItems.experimentName[0]);
    const runId = former.pk.slice(4);
    expect(await read(runId)).toMatchObject({
      name: 'training-01M8FWW21567EX3FFZ95H8FJC3',
      status: 'FINISHED',
    });
    const list = () =>
      searchRuns(deps, operator, {
        experimentIds: ['150257710748264729'],
        filter: 'metrics.test_auc > 0.99',
        viewType: 'ACTIVE_ONLY',
        maxResults: 10,
        orderBy: [],
        pageToken: undefined,
      });
    expect((await list()).items).toHaveLength(1);
    await log(runId, { tags: [{ key: 'a', value: 'b' }] });
    expect((await list()).items.map(({ tags }) => tags['a'])).toEqual(['b']);
    await readExperiment(deps, operator, '150257710748264729');
    const experiments = await deps.experiments.list('active');
    expect(experiments.map(({ name }) => name)).toEqual(['Default', 'tumour']);
  });
});
