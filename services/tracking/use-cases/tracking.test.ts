import { describe, expect, it } from 'vitest';
import { run as runSchema, startRun as startTask } from '#services/tracking/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { createTracking } from '#test/doubles/tracking.ts';
import { finishRun } from './finish-run.ts';
import { listRuns, readRun } from './read-runs.ts';
import { startRun } from './start-run.ts';

function setUp() {
  const { memory: table, clock, deps } = createTracking();
  const cause = startingJourney({
    eventId: 'E1',
    occurredAt: clock.now(),
    project: 'tumour',
    actor: { type: 'service', id: 'training' },
  });
  const start = (trainingId: string, params: Record<string, string> = { eta: '0.1' }) =>
    startRun(
      deps,
      startTask.input.parse({ project: 'tumour', trainingId, runName: trainingId, params, tags: { a: 'b' } }),
      cause,
    );
  const finish = (runId: string, status: 'FINISHED' | 'FAILED', project = 'tumour') =>
    finishRun(deps, { project, runId, status, metrics: { auc: 0.9 }, tags: { c: 'd' } }, cause);
  return { clock, table, deps, start, finish };
}

describe('a run', () => {
  it('has ids as MLflow’s clients expect them, the same when it is begun again', async () => {
    const { deps, start, clock } = setUp();
    const ids = await start('T1');
    expect(ids.runId).toMatch(/^[0-9a-f]{32}$/);
    expect(ids.experimentId).toMatch(/^\d{18}$/);
    clock.advanceSeconds(5);
    expect(await start('T1')).toEqual(ids);
    expect(await readRun(deps, 'tumour', ids.runId)).toMatchObject({
      status: 'RUNNING',
      startTime: '2026-01-01T00:00:00.000Z',
      tags: { a: 'b', 'mlflow.runName': 'T1' },
    });
  });

  it('ends once with its metrics and is told of once', async () => {
    const { deps, table, start, finish, clock } = setUp();
    const { runId } = await start('T1');
    clock.advanceSeconds(60);
    await finish(runId, 'FINISHED');
    await finish(runId, 'FINISHED');
    expect(table.published.map(({ detailType }) => detailType)).toEqual([
      'ExperimentChanged.v1',
      'RunFinished.v1',
    ]);
    const run = await readRun(deps, 'tumour', runId);
    expect(run).toMatchObject({
      status: 'FINISHED',
      metrics: { auc: 0.9 },
      endTime: '2026-01-01T00:01:00.000Z',
    });
    expect(runSchema.parse(run)).toEqual(run);
    await expect(finish(runId, 'FAILED')).rejects.toThrow(/ended with FINISHED and cannot end with FAILED/);
  });

  it('that is ended twice at the same time is told of once', async () => {
    const { table, start, finish } = setUp();
    const { runId } = await start('T1');
    await Promise.all([finish(runId, 'FINISHED'), finish(runId, 'FINISHED')]);
    expect(table.published.filter(({ detailType }) => detailType === 'RunFinished.v1')).toHaveLength(1);
  });

  it('is unknown to other projects', async () => {
    const { deps, start, finish } = setUp();
    const { runId } = await start('T1');
    await expect(readRun(deps, 'wine', runId)).rejects.toMatchObject({ code: 'RunNotFound' });
    await expect(finish(runId, 'FINISHED', 'wine')).rejects.toMatchObject({ code: 'RunNotFound' });
  });

  it('is listed after those that began later', async () => {
    const { deps, start, clock } = setUp();
    const first = await start('T1');
    clock.advanceSeconds(1);
    const second = await start('T2');
    const { items } = await listRuns(deps, 'tumour', undefined);
    expect(items.map(({ runId }) => runId)).toEqual([second.runId, first.runId]);
    expect((await listRuns(deps, 'wine', undefined)).items).toEqual([]);
  });

  it('that is too big for one item is refused before anything is written', async () => {
    const { table, start } = setUp();
    const params = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`p${i}`, 'x'.repeat(6000)]));
    await expect(start('T1', params)).rejects.toThrow(/have 36\d+ bytes, 300000 are allowed/);
    expect(table.items()).toEqual([]);
  });
});
