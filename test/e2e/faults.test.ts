import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listDatasetVersions } from '#services/datasets/contract.ts';
import { listAuditEntries, verifyAuditChain } from '#services/governance/contract.ts';
import { listTrainings } from '#services/training/contract.ts';
import { AwsOperator } from './aws.ts';
import { eventually } from './eventually.ts';
import { ProjectJourney } from './journey.ts';
import { deployedUrl, Platform } from './platform.ts';
import { exampleText } from './project.ts';

/** Every fact twice, half of them late and so out of order, and some calls throttled. */
const everythingTwice = { duplicate: 1, delay: 0.5, delayMs: 1500 };
const unreliable = {
  seed: 20_261_121,
  's3-event': everythingTwice,
  bus: everythingTwice,
  'sagemaker-event': everythingTwice,
  stream: everythingTwice,
  throttle: { dynamodb: 0.02, states: 0.05, sagemaker: 0.1, lambda: 0.02 },
};

describe.skipIf(deployedUrl)(
  'where every event comes twice, late and out of order, and calls are throttled',
  () => {
    let platform: Platform;
    let journey: ProjectJourney;
    let params: { project: string };

    beforeAll(async () => {
      platform = await Platform.startLaptop(unreliable);
      journey = new ProjectJourney(platform);
      params = { project: journey.project };
    });
    afterAll(() => platform?.close());

    it('a journey comes to its end, and nothing is done twice', async () => {
      await journey.apply();
      await journey.bringIntoService(exampleText('data/first-upload.csv'));
      expect(await journey.counts()).toEqual({
        datasetVersions: 1,
        trainings: 1,
        modelVersions: 1,
        approvals: 1,
        releases: 1,
      });
      const aws = new AwsOperator(platform);
      const { trainingJobs, transformJobs, endpoints } = await aws.bought();
      expect([trainingJobs.length, transformJobs.length, endpoints.length]).toEqual([1, 1, 1]);
      for (const machine of ['training', 'release'] as const)
        expect(await aws.endings(machine), machine).toEqual(['SUCCEEDED']);
    });

    it('each fact stands once in the audit log', async () => {
      const query = { limit: 500 };
      const names = [
        'DatasetVersionCreated',
        'TrainingCompleted',
        'ModelVersionRegistered',
        'ApprovalDecided',
      ];
      const once = [...names, 'DeploymentCompleted'].map((name) => `${name}.v1`);
      const entries = await journey.eventually('every fact in the audit log', async () => {
        const { items } = await journey.as().call(listAuditEntries, { params, query });
        const known = new Set(items.map(({ detailType }) => detailType));
        return once.every((detailType) => known.has(detailType)) ? items : undefined;
      });
      expect(new Set(entries.map(({ eventId }) => eventId)).size).toBe(entries.length);
      for (const name of once)
        expect(
          entries.filter(({ detailType }) => detailType === name),
          name,
        ).toHaveLength(1);
      expect(await journey.as().call(verifyAuditChain, { params })).toMatchObject({ intact: true });
    });

    it('the newest of several writes to one key wins, whichever event comes first', async () => {
      const other = new ProjectJourney(platform);
      await other.apply({ data: { uploads: 'replace' }, training: { onNewData: 'never' } });
      const s3 = new S3Client({ ...platform.aws, forcePathStyle: true });
      const Key = `incoming/${other.project}/rows.csv`;
      const lines = exampleText('data/first-upload.csv').split('\n');
      const rowsOfWrites = [60, 70, 80, 90];
      for (const rows of rowsOfWrites) {
        const Body = lines.slice(0, rows + 1).join('\n');
        await s3.send(new PutObjectCommand({ Bucket: platform.uploadsBucket, Key, Body }));
      }
      const aws = new AwsOperator(platform);
      // Each event comes twice from S3, and each of these twice over the bus; one more upload was there before.
      const deliveries = 4 * (rowsOfWrites.length + 1);
      await eventually('every delivery of every event', async () => {
        const count = await aws.count('millrace-local-datasets-on-object-created', 'Invocations');
        return count >= deliveries ? true : undefined;
      });
      const versions = await other.eventually('the version of the last write', async () => {
        const { items } = await other.as().call(listDatasetVersions, { params: { project: other.project } });
        return items[0]?.rows === rowsOfWrites.at(-1) ? items : undefined;
      });
      const rows = versions.map((version) => version.rows);
      expect(rows, 'a write that came late does not follow a newer one').toEqual(
        [...rows].sort((a, b) => b - a),
      );
      expect(new Set(rows).size).toBe(rows.length);
    });
  },
);

describe.skipIf(deployedUrl)('where every event of SageMaker is lost', () => {
  let platform: Platform;
  let journey: ProjectJourney;
  let aws: AwsOperator;

  beforeAll(async () => {
    platform = await Platform.startLaptop({ 'sagemaker-event': { drop: 1 } });
    journey = new ProjectJourney(platform);
    aws = new AwsOperator(platform);
    await journey.apply();
  });
  afterAll(() => platform?.close());

  it('the hourly rounds find what jobs and endpoints have become', async () => {
    await journey.upload(exampleText('data/first-upload.csv'));
    const { execution } = await aws.inState('training', 'Train');
    await aws.trainingJob('Completed');
    const roundAtMs = Date.now();
    const request = await journey.eventually('the approval request after some rounds', async () => {
      await aws.invoke('training', 'every-hour');
      return (await journey.approvals())[0];
    });
    const train = (await aws.spans('training')).find((span) => span.state === 'Train');
    expect(train?.execution).toBe(execution);
    expect(train?.exitedMs).toBeGreaterThanOrEqual(roundAtMs);
    await journey.decide(request, 'approved');
    await journey.eventually('the end of the release after some rounds', async () => {
      await aws.invoke('deployment', 'every-hour');
      const { releases } = await journey.deployment();
      return releases.find(({ status }) => status === 'completed');
    });
    expect(await journey.counts()).toMatchObject({ trainings: 1, modelVersions: 1, releases: 1 });
  });

  it('and answer for a job that failed', async () => {
    const failing = new ProjectJourney(platform);
    await failing.apply({ training: { hyperparameters: { num_round: 10, max_depth: 'deep' } } });
    await failing.upload(exampleText('data/first-upload.csv'));
    const training = await failing.eventually('the end of the training after some rounds', async () => {
      await aws.invoke('training', 'every-hour');
      const { items } = await failing.as().call(listTrainings, { params: { project: failing.project } });
      return items.find(({ endedAt }) => endedAt);
    });
    expect(training).toMatchObject({
      status: 'failed',
      error: expect.stringMatching(/^TrainingJobFailed: .*max_depth/s),
    });
  });

  it('and are not held up by a job that SageMaker refused', async () => {
    const refused = new ProjectJourney(platform);
    // The request is in order; the laptop's SageMaker has neither checkpoints nor a second instance.
    await refused.apply({ training: { spot: { enabled: true }, resources: { instanceCount: 2 } } });
    await refused.upload(exampleText('data/first-upload.csv'));
    const training = await refused.eventually('the end of the training', async () => {
      const { items } = await refused.as().call(listTrainings, { params: { project: refused.project } });
      return items.find(({ endedAt }) => endedAt);
    });
    expect(training).toMatchObject({
      status: 'failed',
      error: expect.stringMatching(/^TrainingJobRejected: .*instanceCount/s),
    });
    await aws.invoke('training', 'every-hour');
  });
});
