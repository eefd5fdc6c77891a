import { createMonitoringStore } from '#services/monitoring/store/monitoring-store.ts';
import { receiveLabels } from '#services/monitoring/use-cases/join-labels.ts';
import { profileReference } from '#services/monitoring/use-cases/profile-reference.ts';
import { takeBatch } from '#services/monitoring/use-cases/take-batch.ts';
import { projectDefinition } from '#services/projects/contract.ts';
import { type EventMetadata, startingJourney } from '#shared/contracts/event.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { createMemoryTable } from './memory-table.ts';
import { inMemoryMonitoringObjects } from './monitoring.ts';

export const project = 'tumour';
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

/** Values spread evenly over [0, 1), in a scattered order. */
const spread = (i: number): number => ((i * 37) % 101) / 101;
/** A row as the reference has them, moved by `shift`; positive where `size` is above one half. */
const rowOf = (i: number, shift = 0) => ({
  features: { size: spread(i) + shift, code: i % 3 },
  probability: Math.min(0.999, Math.max(0.001, spread(i) + shift)),
});

/** Monitoring over tables and objects in memory, with a model of two features that is asked and told the truth. */
export function createMonitoringWorld() {
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

/** The numbers of rows. */
export const range = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_none, i) => from + i);
export const truth = (i: number): string => (spread(i) >= 0.5 ? 'malignant' : 'benign');
