import { describe, expect, it } from 'vitest';
import { startingJourney } from '#shared/contracts/event.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import { createGovernanceStore } from '../store/governance-store.ts';
import { type AuditedEvent, appendEvent } from './append-event.ts';
import { verifyChain } from './verify-chain.ts';

const clock = manualClock('2026-01-01T00:00:00Z');
const pause = async () => {};
const stored = { uri: 's3://models/v1', sha256: 'a'.repeat(64) };

function event(eventId: string, name: string, data: Record<string, unknown>): AuditedEvent {
  const metadata = startingJourney({
    eventId,
    occurredAt: clock.now(),
    project: 'tumour',
    correlationId: 'journey',
    actor: { type: 'user', id: 'ada' },
  });
  return { source: 'millrace.any', detailType: `${name}.v1`, metadata, data };
}

const story = [
  event('e1', 'DatasetVersionCreated', {
    datasetVersion: 1,
    rows: 300,
    columns: [],
    source: { key: 'incoming/tumour/a.csv' },
  }),
  event('e2', 'TrainingSetBuilt', { datasetVersion: 1, trainingSetId: 'ts', rows: {}, featureNames: [] }),
  event('e3', 'ModelVersionRegistered', {
    model: 'tumour',
    modelVersion: 1,
    trainingId: 't',
    runId: 'r',
    artifact: stored,
    recipe: { trainingSetId: 'ts' },
    metrics: { auc: 0.99 },
  }),
  event('e4', 'EndpointRetired', { endpointName: 'x' }),
];

function createWorld() {
  const table = createMemoryTable();
  const store = createGovernanceStore(table);
  return {
    table,
    store,
    append: (audited: AuditedEvent) => appendEvent({ store, clock, pause }, audited),
  };
}

describe('the audit log', () => {
  it('takes every event once, in one intact chain, also when they come at the same time', async () => {
    const { append, store } = createWorld();
    await Promise.all(story.map(append));
    await expect(append(story[0]!)).rejects.toMatchObject({ name: 'AlreadyConsumed' });
    expect(await verifyChain(store, 'tumour')).toMatchObject({ intact: true, entries: story.length });
  });

  it('finds an entry that was changed, and one that was cut off at the end', async () => {
    const { append, store, table } = createWorld();
    for (const audited of story) await append(audited);
    const entries = table.items().filter((item) => item.sk.startsWith('ENTRY#'));
    const second = entries.find((item) => item.sk.endsWith('2'))!;
    const held = second['held'] as Record<string, unknown>;
    await table.commit({ writes: [{ put: { ...second, held: { ...held, data: { rows: 1 } } } }] });
    expect(await verifyChain(store, 'tumour')).toMatchObject({ intact: false, brokenAt: 2 });
    await table.commit({ writes: [{ put: { ...second, held } }] });
    await table.commit({ writes: [{ delete: entries.find((item) => item.sk.endsWith('4'))! }] });
    expect(await verifyChain(store, 'tumour')).toMatchObject({ intact: false, brokenAt: 4 });
  });

  it('keeps in a journey only what moves it', async () => {
    const { append, store } = createWorld();
    for (const audited of story) await append(audited);
    expect((await store.readJourney('tumour', 'journey'))?.facts.map((fact) => fact.name)).toEqual([
      'DatasetVersionCreated',
      'TrainingSetBuilt',
      'ModelVersionRegistered',
    ]);
  });
});
