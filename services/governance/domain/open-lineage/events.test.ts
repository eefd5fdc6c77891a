import { describe, expect, it } from 'vitest';
import {
  DatasetErasureCompleted,
  DatasetErasureRequested,
  DatasetTagMoved,
  DatasetVersionExpired,
} from '#events/datasets.ts';
import { allEvents } from '#events/index.ts';
import { fact, stored } from '#events/samples/fact.ts';
import { samples as published } from '#events/samples.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import { openLineageFaults } from '#test/fixtures/open-lineage/schemas.ts';
import { type Fact, factName } from '../facts.ts';
import { openLineageEventsOf, untold } from './events.ts';

const project = 'tumour';
const sha256 = 'a'.repeat(64);
/** What the samples do not tell of. */
const happened = { eventId: '01M7YZ00000000000000000000', seconds: 2000 };
const samples: readonly DomainEvent[] = [
  ...published,
  fact(DatasetTagMoved, happened, { project, tag: 'gold', datasetVersion: 1 }),
  fact(DatasetVersionExpired, happened, {
    project,
    datasetVersion: 1,
    contentSha256: sha256,
    removedObjects: 2,
    removedBytes: 9,
  }),
  fact(DatasetErasureRequested, happened, {
    project,
    erasureId: 'x1',
    reason: 'Asked for.',
    keys: 1,
    keyDigests: [sha256],
  }),
  fact(DatasetErasureCompleted, happened, {
    project,
    erasureId: 'x1',
    rowsErased: 2,
    versions: [
      {
        datasetVersion: 1,
        rowsErased: 2,
        contentSha256Before: sha256,
        contentSha256: sha256,
        manifest: stored('data', 'datasets/tumour/manifests/1.json', 9),
      },
    ],
    certificate: stored('data', 'datasets/tumour/erasures/x1.json', 9),
    keys: stored('data', 'datasets/tumour/erasures/x1-keys.json', 9),
  }),
];

const platform = {
  stage: 'dev',
  buckets: { data: 'acme-data', models: 'acme-models', captures: 'acme-captures' },
};

function factOf({ detailType, detail }: DomainEvent, changes: Record<string, unknown> = {}): Fact {
  const { eventId, occurredAt, project, correlationId, actor } = detail.metadata;
  const data = { ...(detail.data as Record<string, unknown>), ...changes };
  return { eventId, name: factName(detailType), occurredAt, project, correlationId, actor: actor.id, data };
}

interface ToldDataset {
  readonly name: string;
  readonly facets: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
/** An event as the tests look into it. */
interface ToldEvent {
  readonly eventType: string;
  readonly run: {
    readonly runId: string;
    readonly facets: { readonly parent: { readonly job: { name: string } } };
  };
  readonly job: { readonly name: string };
  readonly inputs: readonly ToldDataset[];
  readonly outputs: readonly ToldDataset[];
  readonly dataset: ToldDataset;
}

const sampleOf = (name: string): DomainEvent =>
  samples.find(({ detailType }) => detailType.startsWith(name))!;
const told = (name: string, changes?: Record<string, unknown>) =>
  openLineageEventsOf(factOf(sampleOf(name), changes), platform) as unknown as readonly ToldEvent[];
const named = (name: string, version?: string) => ({
  name,
  ...(version ? { facets: { version: { datasetVersion: version } } } : {}),
});

describe('every fact of the platform in OpenLineage’s words', () => {
  it.each(samples.map((sample) => [sample.detailType, sample] as const))(
    '%s is valid by the standard’s own schemas, or is deliberately not told',
    (_name, sample) => {
      const events = openLineageEventsOf(factOf(sample), platform);
      const isUntold = untold[factName(sample.detailType)] !== undefined;
      expect(events.length > 0, 'told').toBe(!isUntold);
      expect(events.flatMap(openLineageFaults)).toEqual([]);
    },
  );

  it('is told, or left out for a reason, whatever the platform publishes', () => {
    const names = new Set(allEvents.map(({ name }) => name));
    const tried = new Set(samples.map(({ detailType }) => factName(detailType)));
    expect([...names].filter((name) => !(tried.has(name) || untold[name]))).toEqual([]);
    expect(Object.keys(untold).filter((name) => !names.has(name))).toEqual([]);
  });

  it('is the same each time, so that what is sent twice is one', () => {
    const twice = [1, 2].map(() => samples.map((sample) => openLineageEventsOf(factOf(sample), platform)));
    expect(twice[0]).toEqual(twice[1]);
  });

  it('names no namespace that Marquez would refuse', () => {
    const text = JSON.stringify(samples.map((sample) => openLineageEventsOf(factOf(sample), platform)));
    const namespaces = [...text.matchAll(/"namespace":"([^"]*)"/g)].map(([, name]) => name);
    expect(new Set(namespaces).size).toBeGreaterThan(3);
    // marquez/common/models/NamespaceName.java
    for (const name of namespaces) expect(name).toMatch(/^[a-zA-Z:;=/0-9_\-.@+]{1,1024}$/);
  });

  it('tells nothing of a fact that it does not know', () => {
    const fact = factOf(sampleOf('ProjectApplied'));
    expect(openLineageEventsOf({ ...fact, name: 'SomethingNew' }, platform)).toEqual([]);
  });

  it('begins with a start and has one end, where a step is one fact', () => {
    const runs = samples
      .map((sample) => told(sample.detailType).filter(({ run }) => run))
      .filter(([first]) => first?.eventType === 'START')
      .filter((events) => events.length > 1);
    expect(runs.length).toBeGreaterThan(8);
    for (const events of runs) {
      expect(events).toHaveLength(2);
      expect(['COMPLETE', 'FAIL']).toContain(events[1]?.eventType);
      expect(events[1]?.run.runId).toBe(events[0]?.run.runId);
    }
  });
});

describe('the standard’s schemas', () => {
  const [, whole] = told('ValidationCompleted');
  const facets = whole!.run.facets;

  it.each<[string, unknown]>([
    ['an event without its time', { ...whole, eventTime: undefined }],
    ['an id of a run that is no UUID', { ...whole, run: { ...whole!.run, runId: 'run-1' } }],
    [
      'a facet without its members',
      { ...whole, run: { ...whole!.run, facets: { ...facets, parent: { ...facets.parent, job: {} } } } },
    ],
    [
      'a facet in another’s place',
      { ...whole, run: { ...whole!.run, facets: { nominalTime: facets.parent } } },
    ],
    [
      'a facet that the standard does not have',
      { ...whole, run: { ...whole!.run, facets: { own: { _producer: 'urn:a:b', _schemaURL: 'urn:a:c' } } } },
    ],
  ])('refuse %s', (_name, event) => {
    expect(openLineageFaults(JSON.parse(JSON.stringify(event)))).not.toEqual([]);
  });
});

describe('the words', () => {
  it('lead from the upload to the model by the names of datasets', () => {
    expect(told('DatasetVersionCreated')[1]).toMatchObject({
      eventType: 'COMPLETE',
      job: { namespace: 'millrace://dev', name: 'tumour.intake' },
      inputs: [{ namespace: 's3://millrace-local-000000000000-us-east-1-uploads' }],
      outputs: [{ namespace: 's3://acme-data', ...named('datasets/tumour', '1') }],
    });
    expect(told('ValidationCompleted')[1]).toMatchObject({
      inputs: [named('datasets/tumour', '1'), named('datasets/sites', '4')],
      outputs: [named('validation/tumour/validated', '1'), named('validation/tumour/quarantine', '1')],
    });
    const set = 'ts-e91effe28f8c89c902862cc02815e217';
    expect(told('TrainingSetBuilt')[1]).toMatchObject({
      inputs: [named('validation/tumour/validated', '1')],
      outputs: [named('feature-store/tumour', set)],
    });
    expect(told('ModelVersionRegistered.v1')[0]).toMatchObject({
      inputs: [named('feature-store/tumour', set)],
      outputs: [{ namespace: 's3://acme-models', ...named('models/tumour', '1') }],
    });
    expect(told('PredictionBatchCaptured')[1]).toMatchObject({
      inputs: [named('models/tumour', '1')],
      outputs: [named('predictions/tumour')],
    });
  });

  it('give the columns of a training set as those of the validated rows', () => {
    expect(told('TrainingSetBuilt')[1]?.outputs[0]?.facets['columnLineage']?.['fields']).toMatchObject({
      mean_radius: { inputFields: [{ name: 'validation/tumour/validated', field: 'mean_radius' }] },
    });
  });

  it('tell one training by one run, below its journey', () => {
    const runs = [
      'TrainingRequested',
      'TrainingStarted',
      'ModelVersionRegistered.v1',
      'TrainingCompleted',
    ].map((name) => told(name)[0]!);
    expect(runs.map(({ eventType }) => eventType)).toEqual(['START', 'RUNNING', 'OTHER', 'COMPLETE']);
    expect(new Set(runs.map(({ run }) => run.runId)).size).toBe(1);
    expect(new Set(runs.map(({ run }) => run.facets.parent.job.name))).toEqual(new Set(['tumour.journey']));
  });

  it('fail a validation that stops everything downstream, and say why', () => {
    const [, failed] = told('ValidationCompleted', { verdict: 'Fail', validated: undefined });
    expect(failed).toMatchObject({
      eventType: 'FAIL',
      run: { facets: { errorMessage: { message: expect.stringContaining('mean_radius range') } } },
      outputs: [named('validation/tumour/quarantine', '1')],
    });
  });

  it('say which versions an erasure rewrote, in the run that its request began', () => {
    const [start] = told('DatasetErasureRequested');
    const [end] = told('DatasetErasureCompleted');
    expect([start?.eventType, end?.eventType]).toEqual(['START', 'COMPLETE']);
    expect(end?.run.runId).toBe(start?.run.runId);
    expect(end?.outputs[0]).toMatchObject({ name: 'datasets/tumour' });
  });

  it('name the versions of other projects that rows were checked against', () => {
    const [, checked] = told('ValidationCompleted', {
      referenced: [{ project: 'quarry', datasetVersion: 7 }],
    });
    expect(checked?.inputs[1]).toMatchObject(named('datasets/quarry', '7'));
    expect(openLineageFaults(checked)).toEqual([]);
  });

  it.each([
    ['an append', { parentVersion: 1, datasetVersion: 2 }, 'ALTER'],
    ['a first version', {}, 'CREATE'],
    ['a later one', { datasetVersion: 2 }, 'OVERWRITE'],
  ])('say what %s does to the dataset', (_name, changes, expected) => {
    const change = told('DatasetVersionCreated', changes)[1]?.outputs[0]?.facets['lifecycleStateChange'];
    expect(change?.['lifecycleStateChange']).toBe(expected);
  });

  it.each([
    ['gates', 'FAIL'],
    ['approval', 'ABORT'],
    ['deployment', 'FAIL'],
  ])('end a release that was refused at %s with %s', (step, state) => {
    expect(told('ReleaseRejected', { step })[0]).toMatchObject({ eventType: state });
  });

  it('tell a person’s rollback by a run of its own: the release has ended', () => {
    const events = told('DeploymentRolledBack', { automatic: false });
    expect(events.map(({ eventType, job }) => `${job.name} ${eventType}`)).toEqual([
      'tumour.rollback START',
      'tumour.rollback COMPLETE',
    ]);
  });

  it('begin no release of a version that was copied from elsewhere', () => {
    const jobs = (changes: Record<string, unknown>) =>
      told('ModelVersionRegistered.v2', changes).map(({ job, eventType }) => `${job.name} ${eventType}`);
    expect(jobs({})).toEqual(['tumour.registration COMPLETE', 'tumour.release START']);
    expect(jobs({ importedFrom: 'https://mlflow.example' })).toEqual(['tumour.registration COMPLETE']);
  });

  it('say nothing of prompts', () => {
    expect(told('ModelAliasMoved', { isPrompt: true })).toEqual([]);
    expect(told('RegisteredModelChanged', { isPrompt: true })).toEqual([]);
  });

  it('name what a model was called before', () => {
    const [renamed] = told('RegisteredModelChanged', { change: 'renamed', formerName: 'old' });
    expect(renamed?.dataset.facets['lifecycleStateChange']).toMatchObject({
      lifecycleStateChange: 'RENAME',
      previousIdentifier: { namespace: 's3://acme-models', name: 'models/old' },
    });
    expect(openLineageFaults(renamed)).toEqual([]);
  });
});
