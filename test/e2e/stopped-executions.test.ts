import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listTrainings, requestTraining } from '#services/training/contract.ts';
import { AwsOperator } from './aws.ts';
import { ProjectJourney } from './journey.ts';
import { deployedUrl, Platform } from './platform.ts';
import { exampleText } from './project.ts';

describe.skipIf(deployedUrl)('an execution that a person stops', () => {
  let platform: Platform;
  let journey: ProjectJourney;
  let aws: AwsOperator;
  let params: { project: string };

  beforeAll(async () => {
    platform = await Platform.startLaptop();
    journey = new ProjectJourney(platform);
    params = { project: journey.project };
    aws = new AwsOperator(platform);
    // A job that is still training when its execution is stopped.
    await journey.apply({ training: { hyperparameters: { num_round: 20_000, eta: 0.001 } } });
    await journey.upload(exampleText('data/first-upload.csv'));
  });
  afterAll(() => platform?.close());

  const trainings = async () => (await journey.as().call(listTrainings, { params })).items;
  const request = (reason: string) => journey.as().call(requestTraining, { params, body: { reason } });
  const released = (modelVersion: number, status: 'rejected' | 'rolled_back' | 'canary') =>
    journey.eventually(`the release of version ${modelVersion} to be ${status}`, async () => {
      const { releases } = await journey.deployment();
      return releases.find((one) => one.modelVersion === modelVersion && one.status === status);
    });

  it('ends its training, what waited begins, and the hourly round stops the job', async () => {
    await aws.trainingJob('Training');
    expect(await request('Waits for the one in flight.')).toMatchObject({ rule: 'InFlight' });
    await journey.apply();
    await aws.stopExecution('training');
    const stopped = await journey.eventually('the end of the training', async () =>
      (await trainings()).find(({ status }) => status === 'failed'),
    );
    expect(stopped.error).toBe('Stopped: A person stopped it.');
    await aws.invoke('training', 'every-hour');
    expect(await aws.trainingJob('Stopped')).toBe(stopped.jobName);
    await journey.approvalOf(1);
    expect((await trainings()).map(({ status }) => status)).toEqual(['completed', 'failed']);
  });

  it('closes its release, which does not hold up the next', async () => {
    await aws.stopExecution('release');
    expect((await released(1, 'rejected')).reason).toContain('A person stopped it.');
    expect((await request('The next one.')).decision).toBe('requested');
    await journey.approvalOf(2);
  });

  it('takes the traffic back from a canary, and the hourly round retires its endpoint', async () => {
    await journey.decide(await journey.approvalOf(2), 'approved');
    await released(2, 'canary');
    await aws.stopExecution('release');
    expect((await released(2, 'rolled_back')).reason).toContain('A person stopped it.');
    expect((await journey.deployment()).routing?.versions ?? []).toEqual([]);
    const { MetricAlarms } = await new CloudWatchClient(platform.aws).send(
      new DescribeAlarmsCommand({ AlarmNamePrefix: 'millrace-local-canary-' }),
    );
    expect(MetricAlarms).toEqual([]);
    expect((await aws.bought()).endpoints).toHaveLength(1);
    await journey.eventually('the end of the endpoint after some rounds', async () => {
      await aws.invoke('deployment', 'every-hour');
      return (await aws.bought()).endpoints.length === 0 ? true : undefined;
    });
  });
});
