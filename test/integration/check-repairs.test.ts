import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CreateProcessingJobCommand, DescribeProcessingJobCommand } from '@aws-sdk/client-sagemaker';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyProject } from '#services/projects/contract.ts';
import { readValidation } from '#services/validation/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { Operator } from './operator.ts';
import { RunningPlatform } from './running-platform.ts';

const platform = new RunningPlatform();
const project = 'people';
const params = { project, datasetVersion: 1 };
const longAgo = '2020-01-01T00:00:00.000Z';
const projectFile = `name: ${project}
owners: [ada]
data:
  primaryKey: id
  columns:
    id: { type: string }
    x: { type: number }
    y: { type: integer, allowed: [0, 1] }
target: { column: y, task: binary_classification }
training: { onNewData: never }
`;
const csv = `id,x,y\n${Array.from({ length: 120 }, (_none, n) => `p${n},${n},${n % 2}`).join('\n')}\n`;
const cause = startingJourney({
  eventId: 'applied',
  occurredAt: new Date(longAgo),
  project,
  actor: { type: 'user', id: 'ada' },
});
let operator: Operator;

/** When the report on the version was made; undefined before the first one. */
const validatedAt = async () => (await platform.call(readValidation, { params })).body.validatedAt;
const validated = (since?: string) =>
  platform.eventually('a report', async () => {
    const { status, body } = await platform.call(readValidation, { params });
    return status === 200 && body.validatedAt !== since ? body : undefined;
  });

const put = (Item: Record<string, unknown>) =>
  operator.documents.send(new PutCommand({ TableName: 'millrace-local-validation', Item }));

/** A check as the table holds one that was begun long ago, and of which nothing was heard since. */
const unheardOf = (checkId: string, state: object) =>
  put({
    pk: `CHECK#${project}#00000001`,
    sk: `${longAgo}#${checkId}`,
    gsi1pk: 'UNFINISHED',
    gsi1sk: `${longAgo}#${project}#1#${checkId}`,
    schemaVersion: 1,
    ...{ project, datasetVersion: 1, checkId, requestedAt: longAgo, occasion: 'contract', cause },
    ...{ attempts: 0, revision: 1, dispatchedAt: longAgo, ...state },
  });

/** Says which check a job works on. */
const jobOf = (checkId: string, jobName: string) =>
  put({
    ...{ pk: `JOB#${jobName}`, sk: 'JOB', schemaVersion: 1, expiresAt: 4_102_444_800 },
    ...{ project, datasetVersion: 1, checkId, requestedAt: longAgo },
  });

/** Some seconds of them. */
const jobsBefore = 24;

/** A job of the stage's image that is given nothing to do. */
const startJob = (ProcessingJobName: string) =>
  operator.sagemaker.send(
    new CreateProcessingJobCommand({
      ProcessingJobName,
      RoleArn: 'arn:aws:iam::000000000000:role/millrace-local-us-east-1-processing-execution',
      AppSpecification: {
        ImageUri: '000000000000.dkr.ecr.us-east-1.amazonaws.com/millrace-local-processing:program',
        ContainerEntrypoint: ['node', '/opt/program/validation.mjs'],
      },
      ProcessingResources: {
        ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.xlarge', VolumeSizeInGB: 30 },
      },
    }),
  );

/** The plan of a check that was done, as a check names its own. */
async function planOfVersion() {
  const { awsUrl: endpoint, region, credentials, buckets } = platform.runtime.endpoints;
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  const Prefix = `validation/${project}/00000001/`;
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: buckets.data, Prefix }));
  for (const { Key } of Contents ?? []) {
    if (!Key?.endsWith('.json')) continue;
    const content = await platform.read('data', Key);
    if ('needs' in JSON.parse(content.toString('utf8')))
      return { uri: `s3://${buckets.data}/${Key}`, sha256: sha256Hex(content), bytes: content.length };
  }
  throw new Error(`No plan lies below ${Prefix}.`);
}

beforeAll(async () => {
  await platform.start();
  operator = new Operator(platform);
  const { status } = await platform.call(applyProject, { params: { project }, body: projectFile });
  expect(status).toBe(200);
  await platform.upload(`incoming/${project}/rows.csv`, csv);
  expect(await validated()).toMatchObject({
    verdict: 'Pass',
    engine: { name: 'millrace-local-validation-check-rows-small' },
  });
});
afterAll(() => platform.close());

describe('the hourly round of validation', () => {
  it('wakes a check that nothing works on', async () => {
    const before = await validatedAt();
    await unheardOf('forgotten', { status: 'planned' });
    await platform.invoke('validation', 'every-hour', {});
    expect(await validated(before)).toMatchObject({ verdict: 'Pass', occasion: 'contract' });
  });

  it('gives a check whose function never answered to a bigger one', async () => {
    const before = await validatedAt();
    await unheardOf('silent', {
      status: 'running',
      engine: { name: 'check-rows-small' },
    });
    await platform.invoke('validation', 'every-hour', {});
    expect(await validated(before)).toMatchObject({
      verdict: 'Pass',
      engine: { kind: 'function', name: 'millrace-local-validation-check-rows-large' },
    });
  });

  it('sets a check to work again whose job SageMaker does not know', async () => {
    const before = await validatedAt();
    const jobName = 'millrace-local-people-check-0123456789abcdef0123';
    const plan = await planOfVersion();
    await unheardOf('jobless', { status: 'running', plan, engine: { name: 'processing-job', jobName } });
    await jobOf('jobless', jobName);
    await platform.invoke('validation', 'every-hour', {});
    expect(await validated(before)).toMatchObject({ verdict: 'Pass' });
  });

  it('stops a job that still runs after a day, and sets its check to work again', async () => {
    const before = await validatedAt();
    const jobName = 'millrace-local-people-check-00000000000000000001';
    // Jobs wait for each other on a laptop: behind these, none of which finds its plan, it is still in progress.
    for (let n = 0; n < jobsBefore; n++) await startJob(`millrace-local-people-check-before${n}`);
    await startJob(jobName);
    const plan = await planOfVersion();
    await unheardOf('endless', { status: 'running', plan, engine: { name: 'processing-job', jobName } });
    await jobOf('endless', jobName);
    await platform.invoke('validation', 'every-hour', {});
    expect(await validated(before)).toMatchObject({ verdict: 'Pass' });
    const job = await operator.sagemaker.send(
      new DescribeProcessingJobCommand({ ProcessingJobName: jobName }),
    );
    expect(job.ProcessingJobStatus).toBe('Stopped');
  });
});
