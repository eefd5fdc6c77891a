import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/kernel/errors.ts';
import {
  checkedRows,
  createdVersion,
  finishChecks as finish,
  inMemoryValidation,
  objectOf,
  project,
} from '#test/doubles/validation.ts';
import { advanceChecks } from './advance-checks.ts';
import { checkUpload } from './check-events.ts';
import { reconcileChecks } from './reconcile-checks.ts';
import { requestCheck } from './request-check.ts';
import { runCheck } from './run-check.ts';
import { settleJob } from './settle-job.ts';

type World = ReturnType<typeof inMemoryValidation>;
const version = { project, datasetVersion: 1 };
const advance = ({ deps }: World) => advanceChecks(deps, version);
const upload = (world: World) => checkUpload(world.deps, createdVersion());
const names = (world: World) => world.facts().map(({ name }) => name);

describe('the check of an upload', () => {
  it('runs in a function that fits it and publishes one verdict', async () => {
    const world = inMemoryValidation();
    await upload(world);
    expect(world.woken).toEqual(['version 1']);
    await advance(world);
    expect(world.invoked).toEqual(['check-rows-small upload-1']);
    expect(await world.open()).toMatchObject([{ status: 'running', engine: { name: 'check-rows-small' } }]);
    await runCheck(world.deps, { ...version, checkId: 'upload-1' });
    expect(await world.open()).toEqual([]);
    expect(world.facts()).toMatchObject([
      {
        name: 'ValidationCompleted.v1',
        metadata: { eventId: 'upload-1-validated', correlationId: 'upload-1', causationId: 'upload-1' },
        data: { verdict: 'Pass', occasion: 'upload', profile: objectOf('profile'), projectRevision: 1 },
      },
    ]);
  });

  it('is made once, whatever is repeated and whenever whoever worked on it died', async () => {
    const world = inMemoryValidation();
    for (let again = 0; again < 3; again++) {
      await upload(world);
      await advance(world);
      await runCheck(world.deps, { ...version, checkId: 'upload-1' });
      await advance(world);
    }
    expect(names(world)).toEqual(['ValidationCompleted.v1']);
    expect(await world.open()).toEqual([]);
  });

  it('goes on where its function ended before it was marked as running', async () => {
    const world = inMemoryValidation();
    await upload(world);
    const { invoke } = world.deps.dispatcher;
    const dispatcher = {
      ...world.deps.dispatcher,
      invoke: async (...call: Parameters<typeof invoke>) => {
        await invoke(...call);
        await runCheck(world.deps, { ...version, checkId: 'upload-1' });
      },
    };
    await advanceChecks({ ...world.deps, dispatcher }, version);
    expect(names(world)).toEqual(['ValidationCompleted.v1']);
    expect(await world.open()).toEqual([]);
  });

  it('leaves the version to a later try when storage cannot be reached', async () => {
    const world = inMemoryValidation();
    world.world.outcome = new AppError('unavailable', 'ObjectUnreadable', 'S3 sent no body.');
    await upload(world);
    await advance(world);
    await expect(runCheck(world.deps, { ...version, checkId: 'upload-1' })).rejects.toThrow(
      'S3 sent no body.',
    );
    expect(names(world)).toEqual([]);
    world.world.outcome = checkedRows();
    await runCheck(world.deps, { ...version, checkId: 'upload-1' });
    expect(names(world)).toEqual(['ValidationCompleted.v1']);
  });

  it('goes to a bigger function, then to a job, where memory does not do', async () => {
    const world = inMemoryValidation();
    world.world.outcome = new AppError('unavailable', 'OutOfRoom', 'Out of Memory Error');
    await upload(world);
    await advance(world);
    await runCheck(world.deps, { ...version, checkId: 'upload-1' });
    await advance(world);
    await runCheck(world.deps, { ...version, checkId: 'upload-1' });
    await advance(world);
    expect(world.invoked).toEqual(['check-rows-small upload-1', 'check-rows-large upload-1']);
    expect(world.created).toHaveLength(1);
  });

  it('calls a version unreadable that is too big for functions where the stage has no image, with the cure', async () => {
    const world = inMemoryValidation({ functionMaxBytes: 10, image: false });
    await upload(world);
    await advance(world);
    expect(world.facts()).toMatchObject([
      {
        data: {
          verdict: 'Fail',
          findings: [{ check: 'readable', expected: expect.stringMatching(/processingImage/) }],
        },
      },
    ]);
  });
});

describe('a check in a Processing job', () => {
  const bigWorld = async () => {
    const world = inMemoryValidation({ functionMaxBytes: 10 });
    await upload(world);
    await advance(world);
    return { world, jobName: world.created[0]! };
  };

  it('buys one job however often it is asked for, and publishes what that found', async () => {
    const { world, jobName } = await bigWorld();
    await upload(world);
    await advance(world);
    expect(world.created).toEqual([jobName]);
    expect(await settleJob(world.deps, jobName)).toBe('running');
    world.jobOutcomes.set(jobName, { status: 'completed' });
    expect(await settleJob(world.deps, jobName)).toBe('settled');
    expect(await settleJob(world.deps, jobName)).toBe('unknown');
    expect(names(world)).toEqual(['ValidationCompleted.v1']);
  });

  it('is tried again under another name when the job failed, and fails the version after the last try', async () => {
    const { world } = await bigWorld();
    for (let attempt = 0; attempt < 4; attempt++) {
      const jobName = world.created.at(-1)!;
      world.jobOutcomes.set(jobName, { status: 'failed', reason: 'AlgorithmError: exit code: 137' });
      await settleJob(world.deps, jobName);
      await advance(world);
    }
    expect(new Set(world.created).size).toBe(4);
    expect(world.facts()).toMatchObject([
      {
        data: {
          verdict: 'Fail',
          findings: [{ check: 'readable', observed: expect.stringMatching(/exit code: 137/) }],
        },
      },
    ]);
  });

  it('is found by the hourly round when its event was lost', async () => {
    const { world, jobName } = await bigWorld();
    world.jobOutcomes.set(jobName, { status: 'completed' });
    await reconcileChecks(world.deps);
    expect(names(world)).toEqual(['ValidationCompleted.v1']);
  });
});

describe('the hourly round', () => {
  it('wakes a check that nothing works on, and tries a dead function again, bigger', async () => {
    const world = inMemoryValidation();
    await upload(world);
    await reconcileChecks(world.deps);
    expect(world.woken).toHaveLength(2);
    await advance(world);
    world.clock.advanceSeconds(3700);
    await reconcileChecks(world.deps);
    await advance(world);
    expect(world.invoked.at(-1)).toBe('check-rows-large upload-1');
  });

  it('leaves alone what is young', async () => {
    const world = inMemoryValidation();
    await upload(world);
    await advance(world);
    await reconcileChecks(world.deps);
    expect(await world.open()).toMatchObject([{ status: 'running', attempts: 0 }]);
  });
});

describe('several checks of a version', () => {
  it('run one after the other', async () => {
    const world = inMemoryValidation();
    await upload(world);
    await advance(world);
    await requestCheck(world.deps, {
      ...version,
      checkId: 'second',
      occasion: 'contract',
      requestedAt: '2026-01-03T00:00:00.000Z',
      cause: createdVersion().metadata,
    });
    await advance(world);
    await runCheck(world.deps, { ...version, checkId: 'second' });
    expect(names(world)).toEqual([]);
    await finish(world);
    expect(world.facts().map(({ metadata }) => metadata.eventId)).toEqual([
      'upload-1-validated',
      'second-validated',
    ]);
  });
});
