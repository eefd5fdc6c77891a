import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAuditChain } from '#services/governance/contract.ts';
import { predict } from '#services/predictions/contract.ts';
import { requestTraining } from '#services/training/contract.ts';
import { AwsOperator, type Machine } from './aws.ts';
import { ProjectJourney } from './journey.ts';
import { deployedUrl, Platform } from './platform.ts';
import { functionProcesses } from './processes.ts';
import { exampleText, instancesOf } from './project.ts';

/** Long enough to be met in the middle: a job of some seconds, a bake, and a version that is kept a while. */
const unhurried = {
  training: { hyperparameters: { num_round: 2000, eta: 0.01, max_depth: 4 } },
  deployment: { canary: { trafficShare: 0.5, bakeSeconds: 8 }, graceSeconds: 8 },
};

describe.skipIf(deployedUrl).each([
  ['stopped', (platform: Platform) => platform.stop()],
  ['killed', (platform: Platform) => platform.kill()],
])('a platform that is %s while a journey waits', (_how, end) => {
  let platform: Platform;
  let journey: ProjectJourney;
  let aws: AwsOperator;
  const params = () => ({ params: { project: journey.project } });

  beforeAll(async () => {
    platform = await Platform.startLaptop();
    journey = new ProjectJourney(platform);
    aws = new AwsOperator(platform);
    await journey.apply(unhurried);
  });
  afterAll(() => platform?.close());

  /** Ends the platform and starts it again; what time it was when it was gone. */
  async function interrupt(): Promise<number> {
    const processes = new Set(functionProcesses(platform.aws.endpoint).map(({ pid }) => pid));
    await end(platform);
    const goneAtMs = Date.now();
    await platform.start();
    await journey.eventually('the end of what the platform had started', async () => {
      const running = functionProcesses(platform.aws.endpoint);
      return running.some(({ pid }) => processes.has(pid)) ? undefined : true;
    });
    return goneAtMs;
  }

  /** Interrupts the platform while an execution is in a state, and makes sure that it really was. */
  async function interruptIn(machine: Machine, state: string): Promise<void> {
    const { execution } = await aws.inState(machine, state);
    const goneAtMs = await interrupt();
    const span = (await aws.spans(machine)).find((one) => one.execution === execution && one.state === state);
    expect(span?.enteredMs, state).toBeLessThanOrEqual(goneAtMs);
    expect(span?.exitedMs ?? Number.POSITIVE_INFINITY, state).toBeGreaterThanOrEqual(goneAtMs);
  }

  it('goes on right after an upload was taken', async () => {
    const key = await journey.upload(exampleText('data/first-upload.csv'));
    await interrupt();
    expect(await journey.outcomeOf(key)).toMatchObject({ status: 'created', datasetVersion: 1 });
  });

  it('goes on in the middle of a training job', async () => {
    await aws.trainingJob('Training');
    await interruptIn('training', 'Train');
  });

  it('goes on while people decide, and right after they did', async () => {
    await interruptIn('release', 'AwaitApproval');
    await journey.decide(await journey.approvalOf(1), 'approved');
    await interrupt();
  });

  it('goes on while an endpoint is created', async () => {
    await interruptIn('release', 'CreateEndpoint');
  });

  it('goes on while a canary bakes', async () => {
    await interruptIn('release', 'Bake');
    await journey.promotion(1);
  });

  it('goes on while the version before is kept, and retires it then', async () => {
    await journey.as().call(requestTraining, { ...params(), body: { reason: 'Again.' } });
    await journey.decide(await journey.approvalOf(2), 'approved');
    await journey.promotion(2);
    expect((await aws.bought()).endpoints).toHaveLength(2);
    await interruptIn('release', 'KeepPrevious');
    await journey.eventually('the retirement of version 1', async () => {
      const { endpoints } = await aws.bought();
      return endpoints.length === 1 ? true : undefined;
    });
  });

  it('has lost nothing and done nothing twice', async () => {
    expect(await journey.counts()).toEqual({
      datasetVersions: 1,
      trainings: 2,
      modelVersions: 2,
      approvals: 2,
      releases: 2,
    });
    const { trainingJobs, transformJobs } = await aws.bought();
    // The second training is compared with the champion.
    expect([trainingJobs.length, transformJobs.length]).toEqual([2, 3]);
    expect(await journey.as().call(verifyAuditChain, params())).toMatchObject({ intact: true });
    const instances = instancesOf('data/rows.csv');
    const answer = await journey.as().call(predict, { ...params(), body: { instances } });
    expect(answer).toMatchObject({ modelVersion: 2 });
  });
});
