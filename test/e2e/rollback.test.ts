import { DeleteEndpointCommand } from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listServingLedger } from '#services/deployment/contract.ts';
import { predict } from '#services/predictions/contract.ts';
import { listAliasHistory } from '#services/registry/contract.ts';
import { requestTraining } from '#services/training/contract.ts';
import { AwsOperator } from './aws.ts';
import { ProjectJourney } from './journey.ts';
import { deployedUrl, Platform } from './platform.ts';
import { exampleText, instancesOf } from './project.ts';

describe.skipIf(deployedUrl)('a release that does not go well', () => {
  let platform: Platform;
  let journey: ProjectJourney;
  let params: { project: string };

  beforeAll(async () => {
    platform = await Platform.startLaptop();
    journey = new ProjectJourney(platform);
    params = { project: journey.project };
    const canary = { trafficShare: 0.5, bakeSeconds: 5, maxErrorRate: 0.02, maxP99LatencyMs: 10_000 };
    await journey.apply({ deployment: { canary, graceSeconds: 600 } });
    await journey.bringIntoService(exampleText('data/first-upload.csv'));
  });
  afterAll(() => platform?.close());

  const predictRow = () =>
    journey.as().call(predict, { params, body: { instances: instancesOf('data/rows.csv').slice(0, 1) } });
  /** Whoever predicts may hold on to the routing record for a second. */
  const predictedBy = (version: number) =>
    journey.eventually(
      `a prediction by version ${version}`,
      async () => ((await predictRow()).modelVersion === version ? true : undefined),
      5,
    );
  const routed = async () =>
    (await journey.deployment()).routing?.versions.map(({ modelVersion, share }) => [modelVersion, share]);
  const approveNext = async (modelVersion: number) => {
    await journey.as().call(requestTraining, { params, body: { reason: 'The next one.' } });
    await journey.decide(await journey.approvalOf(modelVersion), 'approved');
  };

  it('goes back by itself when the canary’s alarm fires, and everybody is answered meanwhile', async () => {
    const canary = { trafficShare: 0.5, bakeSeconds: 120, maxErrorRate: 0.02, maxP99LatencyMs: 10_000 };
    await journey.apply({ deployment: { canary, graceSeconds: 600 } });
    await approveNext(2);
    await journey.release(2, 'canary');
    const { routing } = await journey.deployment();
    expect(routing?.versions.map(({ share }) => share)).toEqual([0.5, 0.5]);
    const EndpointName = routing?.versions.find(({ modelVersion }) => modelVersion === 2)?.endpointName;
    await new AwsOperator(platform).sagemaker.send(new DeleteEndpointCommand({ EndpointName }));
    const release = await journey.eventually('the rollback of version 2', async () => {
      expect(await predictRow()).toMatchObject({ modelVersion: 1 });
      const { releases } = await journey.deployment();
      return releases.find(({ modelVersion, status }) => modelVersion === 2 && status === 'rolled_back');
    });
    expect(release.reason).toContain('errors');
    expect(await routed()).toEqual([[1, 1]]);
    const { items } = await journey.as().call(listServingLedger, { params });
    const served = items.map(({ shares }) =>
      shares.map(({ modelVersion, share }) => `v${modelVersion} ${share}`),
    );
    expect(served.slice(0, 3)).toEqual([['v1 1'], ['v1 0.5', 'v2 0.5'], ['v1 1']]);
    const champion = await journey.as().call(listAliasHistory, { params: { ...params, alias: 'champion' } });
    expect(champion.items.map(({ toVersion }) => toVersion)).toEqual([1]);
    await journey.newest('failed');
  });

  it('goes back when a person says so, while the version before is kept', async () => {
    const canary = { trafficShare: 0.5, bakeSeconds: 5, maxErrorRate: 0.02, maxP99LatencyMs: 10_000 };
    await journey.apply({ deployment: { canary, graceSeconds: 600 } });
    await approveNext(3);
    await journey.promotion(3);
    await predictedBy(3);
    const answer = await platform.command(
      'rollback',
      journey.project,
      '--reason',
      'Colleagues saw nonsense.',
    );
    expect(answer).toMatchObject({ code: 0, stdout: expect.stringContaining('goes to version 1 again') });
    expect(await routed()).toEqual([[1, 1]]);
    await predictedBy(1);
    await journey.eventually('version 1 is champion again', async () => {
      const { items } = await journey
        .as()
        .call(listAliasHistory, { params: { ...params, alias: 'champion' } });
      return items.map(({ toVersion }) => toVersion).join() === '1,3,1' ? items : undefined;
    });
  });
});
