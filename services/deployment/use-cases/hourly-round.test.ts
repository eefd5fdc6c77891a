import { describe, expect, it } from 'vitest';
import { clock, definition, inMemoryDeployment, registered } from '#test/doubles/deployment.ts';
import { createEndpoint } from './create-endpoint.ts';
import { openRelease } from './open-release.ts';
import { retireIdleEndpoints } from './retire-endpoint.ts';
import { settleEndpoint } from './settle-endpoint.ts';

describe('the hourly round', () => {
  const aMinuteLater = () => clock.advanceSeconds(60);
  const afterGrace = () => clock.advanceSeconds(definition.deployment.graceSeconds + 1);

  it('leaves an endpoint alone that SageMaker was not asked for yet, and gives one up that was deleted', async () => {
    const world = inMemoryDeployment();
    const create = world.deps.hosting.create;
    world.deps.hosting.create = async () => void (await settleEndpoint(world.deps, 'tumour-v1'));
    await openRelease(world.deps, { releaseId: 'r1', version: registered(1) });
    await createEndpoint(world.deps, { ...world.step(1), taskToken: 'token-1' });
    expect(world.answers).toEqual([]);
    await create('tumour-v1');
    world.hosted.delete('tumour-v1');
    clock.advanceSeconds(3600);
    await settleEndpoint(world.deps, 'tumour-v1');
    expect(world.answers).toEqual([{ token: 'token-1', error: 'EndpointFailed' }]);
  });

  it('keeps the endpoint of a release that waits until another has rolled out', async () => {
    const world = inMemoryDeployment();
    await world.deploy(1);
    await expect(world.deploy(2)).rejects.toMatchObject({ name: 'RolloutInProgress' });
    afterGrace();
    expect(await retireIdleEndpoints(world.deps)).toEqual([]);
  });

  it('keeps an endpoint for its grace time after it lost its traffic, then retires it', async () => {
    const world = inMemoryDeployment();
    await world.deploy(1);
    await world.promote(1);
    await world.deploy(2);
    afterGrace();
    await world.promote(2);
    aMinuteLater();
    expect(await retireIdleEndpoints(world.deps)).toEqual([]);
    afterGrace();
    expect(await retireIdleEndpoints(world.deps)).toEqual(['tumour-v1']);
    expect([...world.hosted.keys()]).toEqual(['tumour-v2']);
  });
});
