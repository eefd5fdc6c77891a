import { describe, expect, it } from 'vitest';
import { DriftDetected, DriftEvaluated, PerformanceMeasured } from '#events/monitoring.ts';
import { projectDefinition } from '#services/projects/contract.ts';
import { type EventMetadata, startingJourney } from '#shared/contracts/event.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import { inMemoryMonitoringObjects } from '#test/doubles/monitoring.ts';
import { createMonitoringStore } from '../store/monitoring-store.ts';
import { closeOverdueWindows, evaluateNow } from './close-open-windows.ts';
import { joinEarlierLabels, receiveLabels } from './join-labels.ts';
import { profileReference } from './profile-reference.ts';
import { readDrift, readPerformance } from './read-monitoring.ts';
import { takeBatch } from './take-batch.ts';

const project = 'tumour';
const { monitoring: settings } = projectDefinition.parse({
  name: project,
  owners: ['local'],
  data: { primaryKey: 'id', columns: { id: { type: 'string' }, y: { type: 'integer' } } },
  target: { column: 'y', task: 'binary_classification' },
  monitoring: {
    windowPredictions: 100,
    windowMinutes: 60,
    minPredictions: 50,
    drift: { minDriftedShare: 0.5 },
    performance: { metric: 'accuracy', min: 0.9, minLabels: 50 },
  },
});
const user = { type: 'user', id: 'ada' } as const;

/** Values spread evenly over [0, 1), in a scattered order. */
const spread = (i: number): number => ((i * 37) % 101) / 101;
/** A row as the reference has them, moved by `shift`; positive where `size` is above one half. */
const rowOf = (i: number, shift = 0) => ({
  features: { size: spread(i) + shift, code: i % 3 },
  probability: Math.min(0.999, Math.max(0.001, spread(i) + shift)),
});

function createWorld() {
  const table = createMemoryTable();
  const clock = manualClock('2026-01-01T00:00:00.000Z');
  const { objects, put, putLines } = inMemoryMonitoringObjects();
  const metered: number[] = [];
  const deps = {
    store: createMonitoringStore(table, clock),
    objects,
    clock,
    ids: sequentialIds('window-'),
    projects: { settings: async () => settings, names: async () => [project] },
    meter: { record: (_subject: unknown, psi: number) => void metered.push(psi) },
  };
  const factIds = sequentialIds('fact-');
  const fact = (): EventMetadata =>
    startingJourney({
      eventId: factIds.next(),
      occurredAt: clock.now(),
      project,
      actor: { type: 'service', id: 'predictions' },
    });
  const signature = {
    task: 'binary_classification' as const,
    inputs: [
      { name: 'size', type: 'number' as const },
      { name: 'code', type: 'integer' as const },
    ],
    target: 'y',
    classes: ['benign', 'malignant'],
  };
  const register = (rows = 300) => {
    const made = Array.from({ length: rows }, (_none, i) => rowOf(i));
    const csv = made.map(({ features }) => `${features.size},${features.code}`).join('\n');
    const reference = {
      features: put('features.csv', `${csv}\n`),
      predictions: put('features.csv.out', made.map(({ probability }) => probability).join('\n')),
    };
    const consumed = { consumer: 'registered', eventId: fact().eventId };
    return profileReference(deps, { project, modelVersion: 1, signature, reference }, consumed);
  };
  const capture = (ids: readonly number[], shift = 0) => {
    const lines = ids.map((i) => {
      const { features, probability } = rowOf(i, shift);
      return {
        inferenceId: `i-${i}`,
        project,
        model: project,
        modelVersion: 1,
        at: clock.now().toISOString(),
        features,
        prediction: {
          value: probability >= 0.5 ? 'malignant' : 'benign',
          probabilities: { benign: 1 - probability, malignant: probability },
        },
        caller: 'app',
      };
    });
    const stored = putLines(`capture-${ids[0]}-${ids.length}`, lines);
    const metadata = fact();
    const at = clock.now().toISOString();
    const data = {
      project,
      model: project,
      modelVersion: 1,
      count: lines.length,
      firstAt: at,
      lastAt: at,
      capture: stored,
    };
    return { metadata, data };
  };
  type Captured = ReturnType<typeof capture>;
  const deliver = (event: Captured) =>
    takeBatch(deps, event, { consumer: 'batch', eventId: event.metadata.eventId });
  const label = async (values: Readonly<Record<number, string>>) => {
    clock.advanceSeconds(1);
    const at = clock.now().toISOString();
    const labels = Object.entries(values).map(([i, value]) => ({ inferenceId: `i-${i}`, value, at }));
    const metadata = fact();
    const file = putLines(`labels-${metadata.eventId}`, labels);
    return receiveLabels(
      deps,
      { metadata, data: { project, count: labels.length, labels: file } },
      { consumer: 'labels', eventId: metadata.eventId },
    );
  };
  const published = () => table.published.map(({ detailType }) => detailType.replace('.v1', ''));
  return { deps, table, clock, metered, register, capture, deliver, label, published, put };
}

const range = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_none, i) => from + i);
const truth = (i: number): string => (spread(i) >= 0.5 ? 'malignant' : 'benign');

describe('a window of predictions', () => {
  it('stays open until it is full, is then judged whole, and the next one begins', async () => {
    const { deps, register, capture, deliver, published, table } = createWorld();
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
    const { deps, register, capture, deliver } = createWorld();
    await register();
    await deliver(capture(range(0, 70)));
    await deliver(capture(range(20, 60)));
    await deliver(capture(range(60, 80)));
    await evaluateNow(deps, project, user);
    const { evaluations } = await readDrift(deps, project, 10);
    expect(evaluations.map(({ window }) => window.predictions)).toEqual([60, 80]);
  });

  it('takes an event that is delivered twice once', async () => {
    const { deps, register, capture, deliver } = createWorld();
    await register();
    const event = capture(range(0, 30));
    await deliver(event);
    await expect(deliver(event)).rejects.toMatchObject({ code: 'AlreadyConsumed' });
    expect((await readDrift(deps, project, 10)).openWindow).toMatchObject({ predictions: 30 });
  });

  it('loses no batch of two that come at once', async () => {
    const { deps, register, capture, deliver } = createWorld();
    await register();
    const batches = [capture(range(0, 30)), capture(range(30, 30)), capture(range(60, 30))];
    await Promise.all(batches.map(deliver));
    expect((await readDrift(deps, project, 10)).openWindow).toMatchObject({ predictions: 90 });
    const [evaluation] = await evaluateNow(deps, project, user);
    expect(evaluation?.window.predictions).toBe(90);
  });

  it('is judged when it is old, though no batch comes any more, and says when it holds too little', async () => {
    const { deps, register, capture, deliver, clock, table } = createWorld();
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
    const { deps, register, capture, deliver, table } = createWorld();
    await register();
    expect(await evaluateNow(deps, project, user)).toEqual([]);
    await deliver(capture(range(0, 80)));
    expect(await evaluateNow(deps, project, user)).toMatchObject([{ verdict: 'Stable' }]);
    expect(table.published[0]?.detail.metadata.actor).toEqual(user);
  });

  it('cannot be filled before the version has a reference; the message says what to do', async () => {
    const { capture, deliver } = createWorld();
    await expect(deliver(capture(range(0, 5)))).rejects.toThrow(/Version 1 of 'tumour' has no reference/);
  });
});

describe('drift', () => {
  it('is told once per version until a window is stable again', async () => {
    const { register, capture, deliver, published, table } = createWorld();
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
    const { deps, register, capture, deliver, published } = createWorld();
    await register();
    await deliver(capture(range(0, 100), 0.4));
    await deliver(capture(range(100, 20)));
    await evaluateNow(deps, project, user);
    await deliver(capture(range(200, 100), 0.4));
    expect(published().filter((name) => name === 'DriftDetected')).toHaveLength(1);
  });

  it('of predictions is metered from 50 on, so that a canary is seen before its window closes', async () => {
    const { register, capture, deliver, metered } = createWorld();
    await register();
    await deliver(capture(range(0, 49)));
    expect(metered).toEqual([]);
    await deliver(capture([49]));
    expect(metered[0]).toBeLessThan(0.1);
    await deliver(capture(range(50, 49), 0.9));
    expect(metered[1]).toBeGreaterThan(0.2);
  });
});

describe('performance', () => {
  const labels = (ids: readonly number[], of = truth) => Object.fromEntries(ids.map((i) => [i, of(i)]));
  const flipped = (i: number) => (truth(i) === 'malignant' ? 'benign' : 'malignant');

  it('is measured when labels come for a closed window, and judged by the project’s bound', async () => {
    const { deps, register, capture, deliver, label, table } = createWorld();
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
    const { register, capture, deliver, label, published } = createWorld();
    await register();
    await deliver(capture(range(0, 100)));
    expect(await label(labels([1, 2, 5000]))).toEqual({ labels: 3, unmatched: 1, windows: 1 });
    expect(await label(labels([6000]))).toEqual({ labels: 1, unmatched: 1, windows: 0 });
    expect(published()).toEqual(['DriftEvaluated', 'PerformanceMeasured']);
  });

  it('takes the later of two labels for one prediction', async () => {
    const { deps, register, capture, deliver, label } = createWorld();
    await register();
    await deliver(capture(range(0, 100)));
    await label(labels(range(0, 100), flipped));
    await label(labels(range(0, 100)));
    const [measured] = await readPerformance(deps, project, 10);
    expect(measured).toMatchObject({ verdict: 'Good', labelled: 100, metrics: { accuracy: 1 } });
  });

  it('joins labels that came while the window was open when it closes, once', async () => {
    const { deps, register, capture, deliver, label, table, published } = createWorld();
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
    const { register, capture, deliver, label, clock } = createWorld();
    await register();
    await deliver(capture(range(0, 100)));
    clock.advanceSeconds(31 * 86_400);
    expect(await label(labels([1]))).toMatchObject({ unmatched: 1, windows: 0 });
  });
});

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
    const { deps, put } = createWorld();
    const reference = { features: put('f', features), predictions: put('p', predictions) };
    const version = { project, modelVersion: 1, signature, reference };
    await expect(profileReference(deps, version, { consumer: 'c', eventId: 'e' })).rejects.toThrow(message);
    expect(await deps.store.readReference(project, 1)).toBeUndefined();
  });
});
