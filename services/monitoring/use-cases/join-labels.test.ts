import { describe, expect, it } from 'vitest';
import { DriftEvaluated, PerformanceMeasured } from '#events/monitoring.ts';
import { createMonitoringWorld, project, range, truth } from '#test/doubles/monitoring-world.ts';
import { joinEarlierLabels } from './join-labels.ts';
import { readPerformance } from './read-monitoring.ts';

describe('performance', () => {
  const labels = (ids: readonly number[], of = truth) => Object.fromEntries(ids.map((i) => [i, of(i)]));
  const flipped = (i: number) => (truth(i) === 'malignant' ? 'benign' : 'malignant');

  it('is measured when labels come for a closed window, and judged by the project’s bound', async () => {
    const { deps, register, capture, deliver, label, table } = createMonitoringWorld();
    await register();
    await deliver(capture(range(0, 100)));
    expect(await label(labels(range(0, 40)))).toEqual({ labels: 40, unmatched: 0, windows: 1 });
    expect(await readPerformance(deps, project, 10)).toMatchObject([
      { verdict: 'InsufficientData', labelled: 40, coverage: 0.4, metrics: { accuracy: 1, auc: 1 } },
    ]);
    await label(labels(range(40, 20)));
    expect(await readPerformance(deps, project, 10)).toMatchObject([{ verdict: 'Good', labelled: 60 }]);
    await label(labels(range(60, 40), flipped));
    const [measured] = await readPerformance(deps, project, 10);
    expect(measured).toMatchObject({ verdict: 'Degraded', labelled: 100, metrics: { accuracy: 0.6 } });
    const facts = table.published.filter(({ detailType }) => detailType === PerformanceMeasured.detailType);
    expect(facts.map(({ detail }) => detail.metadata.eventId)).toEqual(
      [1, 2, 3].map((change) => `window-0001-performance-${change}`),
    );
    expect(new Set(facts.map(({ detail }) => detail.metadata.correlationId))).toEqual(
      new Set(['window-0001']),
    );
  });

  it('counts labels for unknown ids, and tells nothing where no label changed', async () => {
    const { register, capture, deliver, label, published } = createMonitoringWorld();
    await register();
    await deliver(capture(range(0, 100)));
    expect(await label(labels([1, 2, 5000]))).toEqual({ labels: 3, unmatched: 1, windows: 1 });
    expect(await label(labels([6000]))).toEqual({ labels: 1, unmatched: 1, windows: 0 });
    expect(published()).toEqual(['DriftEvaluated', 'PerformanceMeasured']);
  });

  it('takes the later of two labels for one prediction', async () => {
    const { deps, register, capture, deliver, label } = createMonitoringWorld();
    await register();
    await deliver(capture(range(0, 100)));
    await label(labels(range(0, 100), flipped));
    await label(labels(range(0, 100)));
    const [measured] = await readPerformance(deps, project, 10);
    expect(measured).toMatchObject({ verdict: 'Good', labelled: 100, metrics: { accuracy: 1 } });
  });

  it('joins labels that came while the window was open when it closes, once', async () => {
    const { deps, register, capture, deliver, label, table, published } = createMonitoringWorld();
    await register();
    await deliver(capture(range(0, 60)));
    expect(await label(labels(range(0, 60)))).toEqual({ labels: 60, unmatched: 60, windows: 0 });
    await deliver(capture(range(60, 40)));
    const closed = table.published.find(({ detailType }) => detailType === DriftEvaluated.detailType)!;
    const { metadata } = closed.detail;
    const join = () =>
      joinEarlierLabels(
        deps,
        { metadata, project, windowId: 'window-0001' },
        { consumer: 'closed', eventId: metadata.eventId },
      );
    await join();
    expect(await readPerformance(deps, project, 10)).toMatchObject([{ verdict: 'Good', labelled: 60 }]);
    await expect(join()).rejects.toMatchObject({ code: 'AlreadyConsumed' });
    expect(published()).toEqual(['DriftEvaluated', 'PerformanceMeasured']);
  });

  it('is not joined to windows of more than 30 days ago', async () => {
    const { register, capture, deliver, label, clock } = createMonitoringWorld();
    await register();
    await deliver(capture(range(0, 100)));
    clock.advanceSeconds(31 * 86_400);
    expect(await label(labels([1]))).toMatchObject({ unmatched: 1, windows: 0 });
  });
});
