import { describe, expect, it } from 'vitest';
import { DriftDetected } from '#events/monitoring.ts';
import { createMonitoringWorld, project, range } from '#test/doubles/monitoring-world.ts';
import { closeOverdueWindows, evaluateNow } from './close-open-windows.ts';
import { readDrift } from './read-monitoring.ts';

const user = { type: 'user', id: 'ada' } as const;

describe('a window of predictions', () => {
  it('stays open until it is full, is then judged whole, and the next one begins', async () => {
    const { deps, register, capture, deliver, published, table } = createMonitoringWorld();
    await register();
    await deliver(capture(range(0, 60)));
    expect(published()).toEqual([]);
    expect(await readDrift(deps, project, 10)).toMatchObject({
      evaluations: [],
      openWindow: { modelVersion: 1, predictions: 60 },
    });
    await deliver(capture(range(60, 60)));
    expect(published()).toEqual(['DriftEvaluated']);
    expect(table.published[0]?.detail.data).toMatchObject({
      verdict: 'Stable',
      window: { predictions: 120 },
    });
    const { evaluations, openWindow } = await readDrift(deps, project, 10);
    expect(openWindow).toBeUndefined();
    expect(evaluations[0]?.scores.map(({ subject }) => subject).sort()).toEqual([
      'code',
      'prediction',
      'size',
    ]);
    expect(evaluations[0]?.histograms['code']).toEqual({
      categories: ['0', '1', '2'],
      reference: [100, 100, 100],
      window: [40, 40, 40],
    });
    expect(evaluations[0]?.histograms['size']?.edges).toHaveLength(11);
    await deliver(capture(range(120, 10)));
    expect((await readDrift(deps, project, 10)).openWindow).toMatchObject({ predictions: 10 });
  });

  it('counts a prediction that was captured twice once, in this window and after the one before', async () => {
    const { deps, register, capture, deliver } = createMonitoringWorld();
    await register();
    await deliver(capture(range(0, 70)));
    await deliver(capture(range(20, 60)));
    await deliver(capture(range(60, 80)));
    await evaluateNow(deps, project, user);
    const { evaluations } = await readDrift(deps, project, 10);
    expect(evaluations.map(({ window }) => window.predictions)).toEqual([60, 80]);
  });

  it('takes an event that is delivered twice once', async () => {
    const { deps, register, capture, deliver } = createMonitoringWorld();
    await register();
    const event = capture(range(0, 30));
    await deliver(event);
    await expect(deliver(event)).rejects.toMatchObject({ code: 'AlreadyConsumed' });
    expect((await readDrift(deps, project, 10)).openWindow).toMatchObject({ predictions: 30 });
  });

  it('loses no batch of two that come at once', async () => {
    const { deps, register, capture, deliver } = createMonitoringWorld();
    await register();
    const batches = [capture(range(0, 30)), capture(range(30, 30)), capture(range(60, 30))];
    await Promise.all(batches.map(deliver));
    expect((await readDrift(deps, project, 10)).openWindow).toMatchObject({ predictions: 90 });
    const [evaluation] = await evaluateNow(deps, project, user);
    expect(evaluation?.window.predictions).toBe(90);
  });

  it('is judged when it is old, though no batch comes any more, and says when it holds too little', async () => {
    const { deps, register, capture, deliver, clock, table } = createMonitoringWorld();
    await register();
    await deliver(capture(range(0, 30)));
    expect(await closeOverdueWindows(deps)).toEqual([]);
    clock.advanceSeconds(3600);
    expect(await closeOverdueWindows(deps)).toMatchObject([{ verdict: 'InsufficientData', scores: [] }]);
    expect(table.published[0]?.detail).toMatchObject({
      metadata: { eventId: 'window-0001-evaluated', correlationId: 'window-0001', causationDepth: 0 },
      data: { verdict: 'InsufficientData', worst: [] },
    });
    expect(await closeOverdueWindows(deps)).toEqual([]);
  });

  it('is judged at once when a person asks, who is named; nothing open is no error', async () => {
    const { deps, register, capture, deliver, table } = createMonitoringWorld();
    await register();
    expect(await evaluateNow(deps, project, user)).toEqual([]);
    await deliver(capture(range(0, 80)));
    expect(await evaluateNow(deps, project, user)).toMatchObject([{ verdict: 'Stable' }]);
    expect(table.published[0]?.detail.metadata.actor).toEqual(user);
  });

  it('cannot be filled before the version has a reference; the message says what to do', async () => {
    const { capture, deliver } = createMonitoringWorld();
    await expect(deliver(capture(range(0, 5)))).rejects.toThrow(/Version 1 of 'tumour' has no reference/);
  });
});

describe('drift', () => {
  it('is told once per version until a window is stable again', async () => {
    const { register, capture, deliver, published, table } = createMonitoringWorld();
    await register();
    const batch = async (from: number, shift: number) => deliver(capture(range(from, 100), shift));
    await batch(0, 0.4);
    await batch(100, 0.4);
    expect(published()).toEqual(['DriftEvaluated', 'DriftDetected', 'DriftEvaluated']);
    await batch(200, 0);
    await batch(300, 0.4);
    expect(published().slice(3)).toEqual(['DriftEvaluated', 'DriftEvaluated', 'DriftDetected']);
    const detected = table.published.find(({ detailType }) => detailType === DriftDetected.detailType);
    expect(detected?.detail).toMatchObject({
      metadata: { eventId: 'window-0001-drift', correlationId: 'window-0001', causationId: 'fact-0002' },
      data: { kind: 'data', modelVersion: 1 },
    });
    const { scores } = DriftDetected.data.parse(detected?.detail.data);
    expect(scores.map(({ subject }) => subject).sort()).toEqual(['prediction', 'size']);
    expect(scores.every(({ drifted, psi, pValue }) => drifted && psi > 0.2 && pValue < 0.01)).toBe(true);
  });

  it('is not ended by a window that holds too little to tell', async () => {
    const { deps, register, capture, deliver, published } = createMonitoringWorld();
    await register();
    await deliver(capture(range(0, 100), 0.4));
    await deliver(capture(range(100, 20)));
    await evaluateNow(deps, project, user);
    await deliver(capture(range(200, 100), 0.4));
    expect(published().filter((name) => name === 'DriftDetected')).toHaveLength(1);
  });

  it('of predictions is metered from 50 on, so that a canary is seen before its window closes', async () => {
    const { register, capture, deliver, metered } = createMonitoringWorld();
    await register();
    await deliver(capture(range(0, 49)));
    expect(metered).toEqual([]);
    await deliver(capture([49]));
    expect(metered[0]).toBeLessThan(0.1);
    await deliver(capture(range(50, 49), 0.9));
    expect(metered[1]).toBeGreaterThan(0.2);
  });
});
