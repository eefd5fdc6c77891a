import { describe, expect, it } from 'vitest';
import { AlreadyConsumed } from '#shared/aws/table.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { inMemoryTraining } from '#test/doubles/training.ts';
import { completeTraining, failTraining } from './end-training.ts';
import { listTrainingsOf } from './list-trainings.ts';
import { requestAfterDrift, requestAfterPerformance, requestAfterValidation } from './request-after-event.ts';
import { requestTraining } from './request-training.ts';
import { startExecution } from './start-execution.ts';

const object = { uri: 's3://models/model.tar.gz', sha256: 'a'.repeat(64), bytes: 1 };
const window = {
  windowId: 'W1',
  startAt: '2026-01-01T00:00:00.000Z',
  endAt: '2026-01-01T01:00:00.000Z',
  predictions: 500,
};

function setUp(...args: Parameters<typeof inMemoryTraining>) {
  const training = inMemoryTraining(...args);
  const { deps, clock } = training;
  const metadata = (eventId: string) =>
    startingJourney({
      eventId,
      occurredAt: clock.now(),
      project: 'tumour',
      actor: { type: 'service', id: 'validation' },
    });
  const validated = (
    eventId: string,
    datasetVersion: number,
    verdict: 'Pass' | 'Fail' = 'Pass',
    occasion?: 'upload' | 'contract' | 'release' | 'erasure',
  ) =>
    requestAfterValidation(deps, {
      metadata: metadata(eventId),
      data: {
        project: 'tumour',
        datasetVersion,
        verdict,
        ...(occasion ? { occasion } : {}),
        rows: 100,
        validRows: 100,
        quarantinedRows: 0,
        report: object,
        findings: [],
        projectRevision: 3,
      },
    });
  const ask = () =>
    requestTraining(deps, {
      project: 'tumour',
      trigger: 'Manual',
      reasons: ['because'],
      origin: { actor: { type: 'user', id: 'ann' } },
    });
  const complete = (trainingId: string) =>
    completeTraining(deps, {
      trainingId,
      runId: 'r1',
      jobName: 'j1',
      artifact: object,
      modelVersion: 1,
      metrics: { auc: 0.9 },
      billableSeconds: 10,
    });
  const fail = (trainingId: string) =>
    failTraining(deps, {
      trainingId,
      step: 'training job',
      error: 'TrainingJobFailed',
      cause: 'out of memory',
    });
  return { ...training, metadata, validated, ask, complete, fail };
}

describe('requesting a training', () => {
  it('follows from validated data, on exactly that version', async () => {
    const { table, validated, world, deps } = setUp();
    await validated('E1', 5);
    expect(table.published[0]?.detail).toMatchObject({
      metadata: { eventId: 'T0001-requested', correlationId: 'E1', causationId: 'E1', causationDepth: 1 },
      data: { trainingId: 'T0001', trigger: 'Data', datasetVersion: 5, projectRevision: 3 },
    });
    await startExecution(deps, 'T0001');
    expect(world.started).toEqual([
      {
        name: 'T0001',
        input: {
          metadata: expect.objectContaining({ eventId: 'T0001-requested' }),
          input: {
            project: 'tumour',
            projectRevision: 3,
            trainingId: 'T0001',
            datasetVersion: 5,
            asOf: '2026-01-01T12:00:00.000Z',
            requestedBy: 'validation',
          },
        },
      },
    ]);
  });

  it('follows once from a fact, however often it is delivered', async () => {
    const { validated, told } = setUp();
    await validated('E1', 5);
    await expect(validated('E1', 5)).rejects.toBeInstanceOf(AlreadyConsumed);
    expect(told()).toEqual(['TrainingRequested']);
  });

  it('does not follow from data that failed', async () => {
    const { validated, told } = setUp();
    await validated('E1', 5, 'Fail');
    expect(told()).toEqual([]);
  });

  it.each([
    ['a contract that came while it is the newest', 'contract', 5, ['TrainingRequested']],
    ['released rows while it is the newest', 'release', 5, ['TrainingRequested']],
    ['released rows of an older version', 'release', 6, []],
    ['an erasure', 'erasure', 5, []],
  ] as const)('follows from %s as the newest data asks', async (_what, occasion, newest, facts) => {
    const { validated, world, told } = setUp();
    world.newestDataset = newest;
    await validated('E1', 5, 'Pass', occasion);
    expect(told()).toEqual(facts);
  });

  it('by a person begins a journey of its own on the newest validated data', async () => {
    const { ask, table } = setUp();
    expect(await ask()).toMatchObject({ decision: 'requested', trainingId: 'T0001' });
    expect(table.published[0]?.detail).toMatchObject({
      metadata: { causationDepth: 0, actor: { type: 'user', id: 'ann' } },
      data: { trigger: 'Manual', datasetVersion: 7 },
    });
  });

  it('of a project without target is refused to a person, and to facts, whose story ends with it', async () => {
    const { ask, validated, told } = setUp({ target: undefined });
    await expect(ask()).rejects.toMatchObject({
      kind: 'precondition_failed',
      code: 'NoTarget',
      message: expect.stringContaining('Add target'),
    });
    await validated('E1', 5);
    expect(told()).toEqual(['TrainingSuppressed']);
  });

  it('without any validated data is suppressed, saying the cure', async () => {
    const { ask, world, told } = setUp();
    world.newestDataset = undefined;
    expect(await ask()).toMatchObject({
      decision: 'suppressed',
      rule: 'NoValidatedData',
      message: /Upload data that does/,
    });
    expect(told()).toEqual(['TrainingSuppressed']);
  });

  it('follows from drift and from degraded performance, not from good', async () => {
    const { deps, metadata, table } = setUp();
    const subject = { project: 'tumour', model: 'tumour', modelVersion: 2, window };
    const score = {
      subject: 'size',
      psi: 0.4,
      test: 'kolmogorov_smirnov' as const,
      statistic: 0.3,
      pValue: 0,
      drifted: true,
    };
    const performance = { ...subject, metrics: { auc: 0.6 }, labelled: 100, coverage: 0.2 };
    await requestAfterPerformance(deps, {
      metadata: metadata('E0'),
      data: { ...performance, verdict: 'Good' },
    });
    await requestAfterDrift(deps, {
      metadata: metadata('E1'),
      data: { ...subject, kind: 'data', scores: [score] },
    });
    await requestAfterPerformance(deps, {
      metadata: metadata('E2'),
      data: { ...performance, verdict: 'Degraded' },
    });
    expect(table.published.map(({ detail }) => detail.data)).toMatchObject([
      { trigger: 'Drift', reasons: ['The data of version 2 drifted in window W1: size.'], datasetVersion: 7 },
      { trigger: 'Performance', rule: 'InFlight' },
    ]);
  });

  it('by two at the same time lets one begin and keeps the other', async () => {
    const { validated, told, deps } = setUp();
    await Promise.all([validated('E1', 5), validated('E2', 6)]);
    expect(told().sort()).toEqual(['TrainingRequested', 'TrainingSuppressed']);
    const { state } = await deps.store.readGovernor('tumour');
    expect(state.flight && state.pending).toBeTruthy();
  });
});

describe('ending a training', () => {
  it('lets what waited begin, following from the fact that asked for it', async () => {
    const { validated, complete, table, told } = setUp();
    await validated('E1', 5);
    await validated('E2', 6);
    await complete('T0001');
    expect(told()).toEqual([
      'TrainingRequested',
      'TrainingSuppressed',
      'TrainingCompleted',
      'TrainingRequested',
    ]);
    expect(table.published.at(-1)?.detail).toMatchObject({
      metadata: { causationId: 'E2' },
      data: { datasetVersion: 6 },
    });
  });

  it('tells of it once, whoever says so first', async () => {
    const { validated, complete, fail, told, deps } = setUp();
    await validated('E1', 5);
    await fail('T0001');
    await fail('T0001');
    await complete('T0001');
    expect(told()).toEqual(['TrainingRequested', 'TrainingFailed']);
    const { items } = await listTrainingsOf(deps, 'tumour', undefined);
    expect(items).toEqual([
      {
        trainingId: 'T0001',
        trigger: 'Data',
        reasons: ['Dataset version 5 passed validation (Pass, 100 rows).'],
        datasetVersion: 5,
        status: 'failed',
        requestedAt: '2026-01-01T12:00:00.000Z',
        endedAt: '2026-01-01T12:00:00.000Z',
        error: 'TrainingJobFailed: out of memory',
      },
    ]);
  });

  it('of a training that is not there is refused', async () => {
    const { fail } = setUp();
    await expect(fail('T9')).rejects.toMatchObject({ code: 'TrainingNotFound' });
  });
});
