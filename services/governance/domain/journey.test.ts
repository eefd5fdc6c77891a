import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from './facts.ts';
import { journeyOf, movesJourney } from './journey.ts';

let second = 0;
const fact = (name: string, data: Record<string, unknown> = {}): Fact => ({
  eventId: `e${second}`,
  name,
  occurredAt: new Date(Date.UTC(2026, 0, 1, 0, 0, second++)).toISOString(),
  project: 'tumour',
  correlationId: 'j',
  actor: 'ada',
  data,
});

const upload = [
  fact('DatasetVersionCreated', {
    datasetVersion: 1,
    rows: 300,
    source: { key: 'incoming/tumour/first.csv' },
  }),
  fact('ValidationCompleted', { verdict: 'Pass', validRows: 300 }),
];
const trained = [
  fact('TrainingRequested', { trigger: 'Data', reasons: ['new data'] }),
  fact('TrainingSetBuilt', { rows: {}, featureNames: [] }),
  fact('TrainingStarted', { jobName: 'job' }),
  fact('EvaluationCompleted', { verdict: 'Pass', metrics: { auc: 0.99 }, gates: [] }),
  fact('ModelVersionRegistered', { modelVersion: 1, model: 'tumour' }),
];
const waiting = [
  fact('ApprovalRequested', { approvalId: 'a1', approvers: ['ben'], expiresAt: '2026-01-08' }),
];
const released = [
  fact('ApprovalDecided', { decision: 'approved', decidedBy: ['ben'], comment: 'fine' }),
  fact('DeploymentStarted', { mode: 'serverless', endpointName: 'e' }),
  fact('TrafficShifted', { shares: [{ modelVersion: 1, share: 1 }], reason: 'first version' }),
  fact('TrafficShifted', { shares: [{ modelVersion: 1, share: 1 }], reason: 'promotion' }),
  fact('DeploymentCompleted', { modelVersion: 1 }),
];
const statuses = (facts: readonly Fact[]) =>
  journeyOf(facts).steps.map(({ step, status }) => `${step} ${status}`);

describe('a journey', () => {
  it('is running while the next step has not said anything yet', () => {
    expect(journeyOf(upload).status).toBe('running');
    expect(statuses(upload)).toEqual(['upload done', 'validation done', 'request running']);
  });

  it('waits for the approvers that the request names', () => {
    expect(journeyOf([...upload, ...trained, ...waiting])).toMatchObject({
      status: 'waiting',
      cause: 'Upload first.csv',
      waitingFor: { approvalId: 'a1', approvers: ['ben'] },
    });
  });

  it('begins with an older version that somebody restored', () => {
    const restored = fact('DatasetVersionCreated', {
      datasetVersion: 4,
      rows: 300,
      columns: [],
      source: { key: 'incoming/tumour/first.csv' },
      restoredFrom: 1,
      restorationReason: 'a sensor was broken',
    });
    const { cause, steps } = journeyOf([restored]);
    expect(cause).toBe('Restoration of dataset version 1');
    expect(steps[0]!.summary).toBe(
      'dataset version 4, restored from version 1 (a sensor was broken): 300 rows, 0 columns',
    );
  });

  it('names findings of a whole version without a column', () => {
    const findings = [{ check: 'quarantined_share', observed: '50 %', expected: 'at most 10 %' }];
    const failed = fact('ValidationCompleted', {
      verdict: 'Fail',
      validRows: 1,
      quarantinedRows: 1,
      findings,
    });
    expect(journeyOf([upload[0]!, failed]).steps.at(-1)!.summary).toContain(
      '(quarantined_share: 50 %, expected at most 10 %)',
    );
  });

  it('begins with a version that a client registered', () => {
    const created = fact('ModelVersionCreated', {
      modelVersion: 3,
      model: 'tumour',
      source: 'runs:/r/model',
    });
    const registered = (model: string) =>
      fact('ModelVersionRegistered', {
        project: 'tumour',
        model,
        modelVersion: 3,
        origin: 'client',
        createdBy: 'ada',
        content: { verdict: 'Verified' },
      });
    const journey = journeyOf([created, registered('tumour')]);
    expect(journey.cause).toBe('Version 3 registered by ada');
    expect(statuses([created, registered('tumour')])).toEqual(['registration done', 'approval running']);
    expect(journeyOf([created, registered('tumour.shadow')]).status).toBe('done');
  });

  it('tells of a version whose bytes changed', () => {
    expect(
      journeyOf([fact('ModelVersionQuarantined', { modelVersion: 3, model: 'tumour', reason: 'model.ubj' })]),
    ).toMatchObject({ status: 'failed', cause: 'Bytes of version 3 changed' });
  });

  it('is done when the version serves all traffic', () => {
    const journey = journeyOf([...upload, ...trained, ...waiting, ...released]);
    expect(journey.status).toBe('done');
    expect(journey.waitingFor).toBeUndefined();
    expect(journey.steps.every((step) => step.endedAt)).toBe(true);
  });

  it.each([
    [
      'a rejected upload',
      [fact('DatasetVersionRejected', { reasons: [{ message: 'empty' }], source: { key: 'x' } })],
      'upload failed',
    ],
    [
      'failed validation',
      [upload[0]!, fact('ValidationCompleted', { verdict: 'Fail' })],
      'validation failed',
    ],
    [
      'a failed training',
      [...upload, trained[0]!, fact('TrainingFailed', { step: 'training job', error: 'E', cause: 'c' })],
      'training failed',
    ],
    [
      'a failed gate',
      [...upload, ...trained.slice(0, 3), fact('EvaluationCompleted', { verdict: 'Fail', gates: [] })],
      'evaluation failed',
    ],
    [
      'a rejection',
      [
        ...upload,
        ...trained,
        ...waiting,
        fact('ApprovalDecided', { decision: 'rejected', decidedBy: ['ben'] }),
      ],
      'approval failed',
    ],
    [
      'a rollback',
      [
        ...upload,
        ...trained,
        ...waiting,
        ...released.slice(0, 3),
        fact('DeploymentRolledBack', { reason: 'alarm' }),
      ],
      'canary failed',
    ],
  ])('failed after %s', (_what, facts, step) => {
    expect(journeyOf(facts).status).toBe('failed');
    expect(statuses(facts)).toContain(step);
  });

  it('ends quietly when the governor sees no need for a training', () => {
    expect(
      journeyOf([...upload, fact('TrainingSuppressed', { rule: 'Policy', message: 'first only' })]).status,
    ).toBe('done');
  });

  it('tells of a person’s rollback as done, not as a failed canary', () => {
    const journey = journeyOf([
      fact('DeploymentRolledBack', { modelVersion: 2, toVersion: 1, automatic: false, reason: 'complaints' }),
    ]);
    expect(journey).toMatchObject({ cause: 'Rollback of version 2', status: 'done' });
    expect(journey.steps[0]?.summary).toBe('all traffic to version 1 again, by ada: complaints');
  });

  it('shows a training that two findings asked for as requested once', () => {
    const facts = [
      fact('DriftDetected', { modelVersion: 1, kind: 'data', scores: [{ subject: 'radius', psi: 1.5 }] }),
      fact('TrainingRequested', { trigger: 'Drift', reasons: ['drift'] }),
      fact('PerformanceMeasured', {
        modelVersion: 1,
        verdict: 'Degraded',
        metrics: { accuracy: 0.7 },
        labelled: 100,
      }),
      fact('TrainingSuppressed', { rule: 'InFlight', message: 'kept' }),
    ];
    expect(statuses(facts)).toEqual([
      'drift done',
      'request done',
      'training_set running',
      'performance done',
    ]);
  });

  it('tells the same whatever order its facts came in', () => {
    const facts = [...upload, ...trained, ...waiting, ...released];
    fc.assert(
      fc.property(fc.shuffledSubarray(facts, { minLength: facts.length }), (shuffled) => {
        expect(journeyOf(shuffled)).toEqual(journeyOf(facts));
      }),
    );
  });

  it('does not begin with facts that belong to no story', () => {
    expect(movesJourney(fact('PredictionBatchCaptured'))).toBe(false);
    expect(movesJourney(fact('PerformanceMeasured', { verdict: 'Good' }))).toBe(false);
  });
});

describe('a journey of data without a contract', () => {
  const first = [upload[0]!, fact('SchemaSuggested', { suggestionId: '1-s', rows: 300, columns: 5 })];

  it('waits for a person, who is told which suggestion', () => {
    expect(journeyOf(first)).toMatchObject({
      status: 'waiting',
      waitingFor: { kind: 'contract', suggestionId: '1-s' },
    });
    expect(statuses(first)).toEqual(['upload done', 'validation waiting', 'contract waiting']);
  });

  it('goes on with the contract that was approved', () => {
    const approved = fact('ContractApproved', { edited: true, approvedBy: 'ben', comment: 'fine' });
    const checked = fact('ValidationCompleted', { verdict: 'Pass', validRows: 300, occasion: 'contract' });
    expect(journeyOf([...first, approved]).status).toBe('running');
    const journey = journeyOf([...first, approved, checked]);
    expect(journey.waitingFor).toBeUndefined();
    expect(journey.steps.find(({ step }) => step === 'contract')?.summary).toMatch(
      /approved after editing by ben/,
    );
    expect(statuses([...first, approved, checked])).toContain('validation done');
  });

  it('waits for a contract that is applied where the suggestion was refused', () => {
    const refused = fact('SuggestionRefused', { refusedBy: 'ben', comment: 'a test' });
    const checked = fact('ValidationCompleted', {
      verdict: 'Pass',
      validRows: 300,
      occasion: 'contract',
      projectRevision: 2,
    });
    const waitsOn = journeyOf([...first, refused]);
    expect([waitsOn.status, waitsOn.waitingFor]).toEqual(['waiting', undefined]);
    expect(
      journeyOf([...first, refused, checked]).steps.find(({ step }) => step === 'contract'),
    ).toMatchObject({
      status: 'done',
      summary: 'applied as revision 2',
    });
  });
});

describe('a journey that a verdict ended', () => {
  const failing = [upload[0]!, fact('ValidationCompleted', { verdict: 'Fail', validRows: 10 })];

  it('goes on when rows are released', () => {
    const released = [
      fact('QuarantineReleased', { rows: 2, releasedBy: 'ben', reason: 'measured again' }),
      fact('ValidationCompleted', { verdict: 'Warn', validRows: 300, occasion: 'release' }),
    ];
    expect(journeyOf(failing).status).toBe('failed');
    expect(journeyOf([...failing, ...released]).status).toBe('running');
    expect(statuses([...failing, ...released])).toEqual([
      'upload done',
      'validation done',
      'release done',
      'request running',
    ]);
  });

  it('is not moved by an erasure', () => {
    expect(movesJourney(fact('ValidationCompleted', { verdict: 'Pass', occasion: 'erasure' }))).toBe(false);
  });
});
