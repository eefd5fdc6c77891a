import { describe, expect, it } from 'vitest';
import { trainingSet as trainingSetSchema } from '#services/feature-store/contract.ts';
import { startTrainingJob, startTransformJob, trainingPlan } from '#services/training/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { inMemoryTraining, type ProjectParts } from '#test/doubles/training.ts';
import { failTraining } from './end-training.ts';
import { planTraining } from './plan-training.ts';
import { reconcile } from './reconcile.ts';
import { requestTraining } from './request-training.ts';
import { settleJob } from './settle-job.ts';
import { startTraining, startTransform } from './start-job.ts';

const object = (name: string) => ({ uri: `s3://data/sets/${name}.csv`, sha256: 'a'.repeat(64), bytes: 1 });
const trainingSet = trainingSetSchema.parse({
  trainingSetId: 'S1',
  contentSha256: 'b'.repeat(64),
  asOf: '2026-01-01T12:00:00.000Z',
  datasetVersion: 7,
  datasetSha256: 'c'.repeat(64),
  signature: {
    task: 'binary_classification',
    inputs: [{ name: 'size', type: 'number' }],
    target: 'malignant',
    classes: ['0', '1'],
  },
  rows: { train: 70, validation: 15, test: 15 },
  train: object('train'),
  validation: object('validation'),
  testFeatures: object('test-features'),
  testLabels: object('test-labels'),
  trainFeatures: object('train-features'),
});

function setUp(parts: ProjectParts = {}) {
  const training = inMemoryTraining(parts);
  const { deps, world } = training;
  const context = (taskToken: string) => ({
    metadata: startingJourney({
      eventId: 'T0001-requested',
      occurredAt: training.clock.now(),
      project: 'tumour',
      actor: { type: 'user' as const, id: 'ann' },
    }),
    executionArn: 'arn',
    taskToken,
  });
  const request = () =>
    requestTraining(deps, {
      project: 'tumour',
      trigger: 'Manual',
      reasons: ['because'],
      origin: { actor: { type: 'user', id: 'ann' } },
    });
  const plan = () =>
    planTraining(
      { ...deps, region: 'us-east-1', codeVersion: '0.1.0' },
      { project: 'tumour', projectRevision: 3, trainingId: 'T0001', trainingSet },
    );
  const train = async (taskToken: string) =>
    startTraining(
      deps,
      startTrainingJob.input.parse({
        project: 'tumour',
        trainingId: 'T0001',
        runId: 'r1',
        plan: await plan(),
        trainingSet,
      }),
      context(taskToken),
    );
  const transform = (taskToken: string) =>
    startTransform(
      deps,
      startTransformJob.input.parse({
        project: 'tumour',
        trainingId: 'T0001',
        candidate: 'challenger',
        artifact: { ...object('model'), uri: 's3://models/model.tar.gz' },
        trainingImage: 'image:1',
        instanceType: 'ml.m5.large',
        features: trainingSet.testFeatures,
      }),
      context(taskToken),
    );
  const completed = (outputUri: string) => {
    world.outcome = {
      status: 'completed',
      outputUri,
      metrics: { 'validation:auc': 0.9 },
      billableSeconds: 42,
    };
  };
  return { ...training, request, plan, train, transform, completed };
}

const jobName = 'millrace-local-tumour-t0001';

describe('planning a training', () => {
  it('decides everything that makes the same bytes again', async () => {
    const { plan } = setUp({ training: { hyperparameters: { max_depth: 3 } } });
    const planned = await plan();
    expect(trainingPlan.parse(planned)).toEqual(planned);
    expect(planned).toMatchObject({
      trainingImage: `683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost@sha256:${'d'.repeat(64)}`,
      hyperparameters: { objective: 'binary:logistic', max_depth: '3', seed: '17' },
      seed: 17,
      instanceType: 'ml.m5.large',
      maxRuntimeSeconds: 3600,
      waitSeconds: 7200,
      runTags: {
        'millrace.datasetVersion': '7',
        'millrace.imageTag': 'sagemaker-xgboost:3.0-5',
        'millrace.champion': 'none',
      },
    });
  });

  it('waits for spot capacity at least as long as the job may run', async () => {
    const spot = { enabled: true, maxWaitSeconds: 60 };
    const { plan, train, world } = setUp({ training: { spot } });
    expect(await plan()).toMatchObject({ spot: { enabled: true, maxWaitSeconds: 3600 }, waitSeconds: 7200 });
    await train('token-1');
    expect(world.created[0]).toMatchObject({
      spot: { maxWaitSeconds: 3600, checkpointUri: 's3://models/training/tumour/T0001/checkpoints' },
    });
  });

  it.each([
    ['compares with a champion of the same signature', 'size', true, 'version 4'],
    [
      'leaves out a champion of another, and says so',
      'width',
      false,
      'version 4 has another signature and is not compared with',
    ],
  ])('%s', async (_case, input, compared, tag) => {
    const { plan, world } = setUp();
    world.champion = {
      origin: 'training',
      modelVersion: 4,
      artifact: { ...object('champion') },
      trainingImage: 'image:1',
      signature: { ...trainingSet.signature, inputs: [{ name: input, type: 'number' }] },
    } as typeof world.champion;
    const planned = await plan();
    expect(planned.champion?.modelVersion).toBe(compared ? 4 : undefined);
    expect(planned.runTags['millrace.champion']).toBe(tag);
  });

  it('compares with a champion that a client registered as deployment packed it, if it ever did', async () => {
    const { plan, world } = setUp();
    world.champion = { origin: 'client', modelVersion: 5 } as typeof world.champion;
    expect((await plan()).runTags['millrace.champion']).toBe(
      'version 5 has never served and is not compared with',
    );
    world.served = {
      artifact: object('packed'),
      trainingImage: 'image:2',
      signature: trainingSet.signature,
    };
    expect((await plan()).champion).toEqual({
      modelVersion: 5,
      artifact: object('packed'),
      trainingImage: 'image:2',
    });
  });
});

describe('a job of SageMaker', () => {
  it('is created once under a name that follows from the training, and told of', async () => {
    const { request, train, world, told, table } = setUp();
    await request();
    await train('token-1');
    await train('token-2');
    expect(world.created.map((job) => job.jobName)).toEqual([jobName, jobName]);
    expect(told()).toEqual(['TrainingRequested', 'TrainingStarted']);
    expect(table.published.at(-1)?.detail.data).toEqual({
      project: 'tumour',
      trainingId: 'T0001',
      runId: 'r1',
      jobName,
    });
    expect(world.created[0]).toMatchObject({
      channels: { train: 's3://data/sets/train.csv', validation: 's3://data/sets/validation.csv' },
      outputUri: 's3://models/training/tumour/T0001',
    });
  });

  it('that completed answers the newest token with the digest of its artifact, once', async () => {
    const { request, train, completed, deps, tokens } = setUp();
    await request();
    await train('token-1');
    await train('token-2');
    completed('s3://models/training/tumour/T0001/model.tar.gz');
    expect(await settleJob(deps, jobName)).toBe('answered');
    expect(await settleJob(deps, jobName)).toBe('settled-before');
    expect(tokens.answers).toEqual([{ taskToken: 'token-2', output: expect.anything() }]);
    expect(startTrainingJob.output.parse(tokens.answers[0]?.output)).toMatchObject({
      jobName,
      artifact: { uri: 's3://models/training/tumour/T0001/model.tar.gz' },
      metrics: { 'validation:auc': 0.9 },
      billableSeconds: 42,
    });
  });

  it.each([
    ['failed', 'TrainingJobFailed'],
    ['stopped', 'TrainingJobStopped'],
  ] as const)('that %s fails the step with SageMaker’s reason', async (status, code) => {
    const { train, world, deps, tokens } = setUp();
    await train('token-1');
    world.outcome = { status, reason: 'AlgorithmError: no rows' };
    await settleJob(deps, jobName);
    expect(tokens.answers).toEqual([{ taskToken: 'token-1', code, cause: 'AlgorithmError: no rows' }]);
  });

  it('that runs is left alone, and so is one of somebody else', async () => {
    const { train, deps, tokens } = setUp();
    await train('token-1');
    expect(await settleJob(deps, jobName)).toBe('running');
    expect(await settleJob(deps, 'millrace-local-other')).toBe('unknown');
    expect(tokens.answers).toEqual([]);
  });

  it('that ended before its step asked again answers at once', async () => {
    const { train, completed, deps, tokens } = setUp();
    await train('token-1');
    completed('s3://models/m.tar.gz');
    await settleJob(deps, jobName);
    await train('token-2');
    expect(tokens.answers.map(({ taskToken }) => taskToken)).toEqual(['token-1', 'token-2']);
  });

  it('that predicts answers where the predictions are, and takes its model with it', async () => {
    const { transform, completed, deps, tokens, world } = setUp();
    await transform('token-1');
    const name = `${jobName}-challenger`;
    expect(world.created[0]).toMatchObject({
      jobName: name,
      inputUri: 's3://data/sets/test-features.csv',
      outputPrefixUri: 's3://data/transform/tumour/T0001/challenger',
    });
    completed('s3://data/transform/tumour/T0001/challenger/test-features.csv.out');
    await settleJob(deps, name);
    expect(startTransformJob.output.parse(tokens.answers[0]?.output)).toMatchObject({
      candidate: 'challenger',
      predictions: { uri: 's3://data/transform/tumour/T0001/challenger/test-features.csv.out' },
    });
    expect(world.removedModels).toEqual([name]);
  });

  it('is stopped when its training failed without it', async () => {
    const { request, train, deps, world } = setUp();
    await request();
    await train('token-1');
    await failTraining(deps, { trainingId: 'T0001', step: 'execution', error: 'TIMED_OUT', cause: '' });
    await reconcile(deps);
    expect(world.stopped).toEqual([jobName]);
  });
});

describe('reconciling', () => {
  it('waits for a job whose creation is under way, and no more for one that was refused', async () => {
    const { request, train, deps, world, tokens } = setUp();
    await request();
    world.outcome = { status: 'absent' };
    await train('token-1');
    await reconcile(deps);
    expect(tokens.answers).toEqual([]);
    expect(await deps.store.listJobsInFlight()).toHaveLength(1);
    await failTraining(deps, { trainingId: 'T0001', step: 's', error: 'TrainingJobRejected', cause: 'c' });
    await reconcile(deps);
    expect(await deps.store.listJobsInFlight()).toEqual([]);
    expect([tokens.answers, world.stopped]).toEqual([[], []]);
  });

  it('settles a job whose event was lost', async () => {
    const { request, train, completed, deps, tokens } = setUp();
    await request();
    await train('token-1');
    completed('s3://models/m.tar.gz');
    await reconcile(deps);
    expect(tokens.answers).toHaveLength(1);
  });

  it('starts an execution that was never started, and leaves a young flight alone', async () => {
    const { request, deps, world, clock } = setUp();
    await request();
    world.execution = 'absent';
    await reconcile(deps);
    expect(world.started).toEqual([]);
    clock.advanceSeconds(700);
    await reconcile(deps);
    expect(world.started.map(({ name }) => name)).toEqual(['T0001']);
  });

  it('ends a flight whose execution ended, and lets what waited begin', async () => {
    const { request, deps, world, clock, told } = setUp();
    await request();
    await request();
    clock.advanceSeconds(700);
    await reconcile(deps);
    expect(told()).toEqual(['TrainingRequested', 'TrainingSuppressed']);
    world.execution = 'failed';
    await reconcile(deps);
    expect(told().slice(2)).toEqual(['TrainingFailed', 'TrainingRequested']);
  });

  it('asks again, after the cooldown, for what a cooldown held back', async () => {
    const { deps, request, clock, told } = setUp({ training: { limits: { cooldownSeconds: 3600 } } });
    const drift = () =>
      requestTraining(deps, {
        project: 'tumour',
        trigger: 'Drift',
        reasons: ['drift'],
        origin: { actor: { type: 'service', id: 'monitoring' } },
      });
    await request();
    await drift();
    await failTraining(deps, { trainingId: 'T0001', step: 's', error: 'E', cause: 'c' });
    await reconcile(deps);
    expect(told()).toEqual(['TrainingRequested', 'TrainingSuppressed', 'TrainingFailed']);
    clock.advanceSeconds(3601);
    await reconcile(deps);
    expect(told().at(-1)).toBe('TrainingRequested');
  });
});
