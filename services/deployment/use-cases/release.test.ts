import { beforeEach, describe, expect, it } from 'vitest';
import { type DeploymentWorld, inMemoryDeployment, registered } from '#test/doubles/deployment.ts';
import { closeRelease } from './close-release.ts';
import { createEndpoint } from './create-endpoint.ts';
import { rollBackVersion } from './end-canary.ts';
import { openRelease } from './open-release.ts';
import { retireEndpoint } from './retire-endpoint.ts';
import { rollBackDeployment } from './roll-back-deployment.ts';
import { settleEndpoint } from './settle-endpoint.ts';
import { startCanary } from './start-canary.ts';
import { judgeCanary, reportAlarm, watchCanary } from './watch-canary.ts';

describe('a release', () => {
  let world: DeploymentWorld;
  beforeEach(() => {
    world = inMemoryDeployment();
  });

  it('answers the waiting state when the endpoint is in service, once', async () => {
    await world.deploy(1);
    await settleEndpoint(world.deps, 'tumour-v1');
    expect(world.answers).toEqual([{ token: 'token-1', output: { endpointName: 'tumour-v1' } }]);
  });

  it('answers a retry, too, whose token comes while another is answered', async () => {
    await openRelease(world.deps, { releaseId: 'r1', version: registered(1) });
    await createEndpoint(world.deps, { ...world.step(1), taskToken: 'token-1' });
    world.hosted.set('tumour-v1', { status: 'in_service' });
    const succeed = world.deps.tokens.succeed;
    const retry = { ...world.step(1), taskToken: 'token-2' };
    world.deps.tokens.succeed = async (token, output) => {
      world.deps.tokens.succeed = succeed;
      await succeed(token, output);
      await createEndpoint(
        { ...world.deps, hosting: { ...world.deps.hosting, describe: async () => ({ status: 'changing' }) } },
        retry,
      );
    };
    await settleEndpoint(world.deps, 'tumour-v1');
    await settleEndpoint(world.deps, 'tumour-v1');
    expect(world.answers.map(({ token }) => token)).toEqual(['token-1', 'token-2']);
  });

  it('fails the waiting state with SageMaker’s reason', async () => {
    await openRelease(world.deps, { releaseId: 'r1', version: registered(1) });
    await createEndpoint(world.deps, { ...world.step(1), taskToken: 'token-1' });
    world.hosted.set('tumour-v1', { status: 'failed', reason: 'no ping' });
    await settleEndpoint(world.deps, 'tumour-v1');
    expect(world.answers).toEqual([{ token: 'token-1', error: 'EndpointFailed' }]);
  });

  it('refuses an artifact whose bytes are not the registered ones, and creates nothing', async () => {
    world.digests.value = 'b'.repeat(64);
    await openRelease(world.deps, { releaseId: 'r1', version: registered(1) });
    await expect(createEndpoint(world.deps, { ...world.step(1), taskToken: 't' })).rejects.toMatchObject({
      name: 'ArtifactChanged',
    });
    expect(world.hosted.size).toBe(0);
  });

  it('gives the first version all traffic and a later one its canary share', async () => {
    expect(await world.deploy(1)).toMatchObject({ share: 1 });
    await world.promote(1);
    expect(await world.deploy(2)).toMatchObject({ share: 0.1, previousVersion: 1 });
    expect(await world.shares()).toEqual([
      [1, 0.9],
      [2, 0.1],
    ]);
  });

  it('lets one release of a project roll out at a time', async () => {
    await world.deploy(1);
    await expect(world.deploy(2)).rejects.toMatchObject({ name: 'RolloutInProgress' });
    await world.promote(1);
    await expect(
      startCanary(world.deps, { ...world.step(2), endpointName: 'tumour-v2' }),
    ).resolves.toMatchObject({ previousVersion: 1 });
  });

  it('does a step that runs twice once', async () => {
    await world.deploy(1);
    await startCanary(world.deps, { ...world.step(1), endpointName: 'tumour-v1' });
    await world.promote(1);
    await world.promote(1);
    expect(world.published()).toEqual([
      'DeploymentStarted.v1',
      'TrafficShifted.v1',
      'TrafficShifted.v1',
      'DeploymentCompleted.v1',
    ]);
    expect((await world.store.listLedger('tumour')).items).toHaveLength(2);
  });

  it('goes back to what served before when the canary fails, and removes its alarms', async () => {
    await world.deploy(1);
    await world.promote(1);
    await world.deploy(2);
    expect(
      await rollBackVersion(world.deps, { ...world.step(2), reason: 'CanaryAlarm', alarms: ['a'] }),
    ).toEqual({ toVersion: 1 });
    expect(await world.shares()).toEqual([[1, 1]]);
    expect(world.alarmStates.size).toBe(0);
    expect(await retireEndpoint(world.deps, 'tumour-v2')).toBe(true);
    expect(await retireEndpoint(world.deps, 'tumour-v1')).toBe(false);
  });

  it('answers the bake when an alarm fires, also one that fired before the token was kept', async () => {
    const { alarmNames } = await world.deploy(1);
    await watchCanary(world.deps, alarmNames, 'bake');
    await reportAlarm(world.deps, alarmNames[0]!, 'too many errors');
    world.alarmStates.set(alarmNames[1]!, 'ALARM');
    await watchCanary(world.deps, alarmNames, 'bake-again');
    expect(world.answers.slice(1)).toEqual([
      { token: 'bake', error: 'CanaryAlarm' },
      { token: 'bake-again', error: 'CanaryAlarm' },
    ]);
  });

  it('does not pass a canary whose alarms are missing', async () => {
    const { alarmNames } = await world.deploy(1);
    expect(await judgeCanary(world.deps, alarmNames)).toMatchObject({ verdict: 'Pass' });
    world.alarmStates.delete(alarmNames[0]!);
    expect(await judgeCanary(world.deps, alarmNames)).toMatchObject({
      verdict: 'Fail',
      alarms: [alarmNames[0]],
    });
  });

  it('ends a release that does not deploy once, with its reason', async () => {
    await openRelease(world.deps, { releaseId: 'r1', version: registered(1) });
    await closeRelease(world.deps, { ...world.step(1), step: 'gates', reason: 'auc' });
    await closeRelease(world.deps, { ...world.step(1), step: 'approval', reason: 'other' });
    expect(await world.store.readRelease('tumour', 'r1')).toMatchObject({
      status: 'rejected',
      reason: 'auc',
    });
    expect(world.published()).toEqual(['ReleaseRejected.v1']);
  });
});

describe('a person’s rollback', () => {
  it('sends all traffic back while the old endpoint stands', async () => {
    const world = inMemoryDeployment();
    await world.deploy(1);
    await world.promote(1);
    await world.deploy(2);
    await world.promote(2);
    expect(
      await rollBackDeployment(world.deps, { project: 'tumour', reason: 'complaints', by: 'ada' }),
    ).toEqual({ fromVersion: 2, toVersion: 1 });
    expect(await world.shares()).toEqual([[1, 1]]);
    const [newest] = (await world.store.listLedger('tumour')).items;
    expect(newest).toMatchObject({ actor: 'ada', reason: 'rollback: complaints' });
  });

  it.each([
    ['nothing serves', async (world: DeploymentWorld) => void world, 'NothingDeployed'],
    [
      'only one version ever served',
      async (world: DeploymentWorld) => {
        await world.deploy(1);
        await world.promote(1);
      },
      'NothingToRollBackTo',
    ],
    ['a canary bakes', async (world: DeploymentWorld) => void (await world.deploy(1)), 'RolloutInProgress'],
  ])('is refused when %s', async (_case, prepare, code) => {
    const world = inMemoryDeployment();
    await prepare(world);
    await expect(
      rollBackDeployment(world.deps, { project: 'tumour', reason: 'x', by: 'ada' }),
    ).rejects.toMatchObject({ name: code });
  });
});
