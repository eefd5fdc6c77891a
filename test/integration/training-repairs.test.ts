import { readFileSync } from 'node:fs';
import { DescribeTransformJobCommand } from '@aws-sdk/client-sagemaker';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { applyProject, type ProjectDefinition } from '#services/projects/contract.ts';
import { listTrainings, requestTraining } from '#services/training/contract.ts';
import { Operator } from './operator.ts';
import { RunningPlatform } from './running-platform.ts';
import { startTransformJob } from './slow-jobs.ts';

const platform = new RunningPlatform();
const project = 'tumour';
const params = { project };
const TableName = 'millrace-local-training';
const longAgo = '2020-01-01T00:00:00.000Z';
const example = (file: string) =>
  readFileSync(new URL(`../../examples/tumour/${file}`, import.meta.url), 'utf8');
let operator: Operator;

type Item = Record<string, unknown>;
const read = async (pk: string, sk: string): Promise<Item> =>
  (await operator.documents.send(new GetCommand({ TableName, Key: { pk, sk } }))).Item!;
const write = (item: Item) => operator.documents.send(new PutCommand({ TableName, Item: item }));

const trainings = async () => (await platform.call(listTrainings, { params })).body.items;
const ended = (trainingId: string) =>
  platform.eventually(`the end of training ${trainingId}`, async () =>
    (await trainings()).find((one) => one.trainingId === trainingId && one.endedAt),
  );
const waits = async (reason: string) => {
  const { body } = await platform.call(requestTraining, { params, body: { reason } });
  expect(body).toMatchObject({ decision: 'suppressed', rule: 'InFlight' });
};
/** Waits until so many trainings that a person asked for have ended. */
const begunByHand = (count: number) =>
  platform.eventually(`the end of ${count} trainings that waited`, async () => {
    const manual = (await trainings()).filter(({ trigger, endedAt }) => trigger === 'Manual' && endedAt);
    return manual.length === count ? true : undefined;
  });
/** The governor believes that a training is on its way since long ago. */
const believe = async (trainingId: string) => {
  const governor = await read(`GOVERNOR#${project}`, 'GOVERNOR');
  const state = { ...(governor['state'] as Item), flight: { trainingId, since: longAgo } };
  await write({ ...governor, state, gsi1pk: 'BUSY', gsi1sk: project });
};
/** A training as the table holds one that began and of whose end nothing was heard. */
const unheardOf = async (trainingId: string, from: string) => {
  const item = await read(`TRAINING#${from}`, 'TRAINING');
  const { endedAt: _ended, error: _error, ...training } = item['training'] as Item;
  await write({
    ...item,
    pk: `TRAINING#${trainingId}`,
    gsi1sk: `TRAINING#${trainingId}`,
    status: 'requested',
    training: { ...training, trainingId, status: 'requested' },
  });
};

/** Every training of this project ends at its plan, which is quick. */
let first: string;
beforeAll(async () => {
  await platform.start();
  operator = new Operator(platform);
  const definition = parse(example('project.yaml')) as ProjectDefinition;
  definition.training.hyperparameters = { objective: 'reg:linear' };
  await platform.call(applyProject, { params, body: stringify(definition) });
  await platform.upload('incoming/tumour/first.csv', example('data/first-upload.csv'));
  first = await platform.eventually('the first training', async () => (await trainings())[0]?.trainingId);
  await ended(first);
});
afterAll(() => platform.close());

describe('the hourly round of training', () => {
  it('starts an execution whose event was lost; what waited begins when it failed', async () => {
    const lost = `${first}-LOST`;
    await unheardOf(lost, first);
    await believe(lost);
    await waits('After the lost one.');
    await platform.invoke('training', 'every-hour', {});
    expect((await ended(lost)).error).toContain('HyperparameterReserved');
    await begunByHand(1);
  });

  it('ends a training whose execution ended unheard, and begins what waited for it', async () => {
    await unheardOf(first, first);
    await believe(first);
    await waits('And now?');
    await platform.invoke('training', 'every-hour', {});
    expect((await ended(first)).error).toContain('ExecutionEnded');
    await begunByHand(2);
  });

  it('stops a transform job that outlives its training', async () => {
    const jobName = `millrace-local-${project}-outlives`;
    await startTransformJob(platform, operator, jobName);
    const job = {
      kind: 'transform',
      jobName,
      project,
      trainingId: first,
      candidate: 'challenger',
      taskToken: 'nobody waits',
      startedAt: longAgo,
      settled: false,
    };
    await write({
      pk: `JOB#${jobName}`,
      sk: 'JOB',
      schemaVersion: 1,
      job,
      taskToken: job.taskToken,
      gsi1pk: 'JOBS_IN_FLIGHT',
      gsi1sk: `${longAgo}#${jobName}`,
    });
    await platform.invoke('training', 'every-hour', {});
    const { TransformJobStatus } = await operator.sagemaker.send(
      new DescribeTransformJobCommand({ TransformJobName: jobName }),
    );
    // It waits for its turn on the laptop, where a job ends once it has begun.
    expect(TransformJobStatus).toBe('Stopping');
  });
});
