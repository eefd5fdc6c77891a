import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import {
  AddTagsCommand,
  CreateTrainingJobCommand,
  DeleteTagsCommand,
  DescribeTrainingJobCommand,
  ListTagsCommand,
  ListTrainingJobsCommand,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AwsError } from '../emulated-service.ts';
import { allowEverything } from '../testing/serve-one.ts';
import { labelledCsv, trainingJobRequest } from './testing/requests.ts';
import type { ServedSageMaker } from './testing/served-sagemaker.ts';
import { serveSageMaker } from './testing/served-sagemaker.ts';
import { endedTraining, trainingStage } from './testing/waits.ts';

let served: ServedSageMaker;
beforeAll(async () => {
  served = await serveSageMaker();
});
afterAll(async () => await served.close());

const create = (name: string, changes = {}) =>
  served.client.send(new CreateTrainingJobCommand({ ...trainingJobRequest(name), ...changes }));
/** A job that would run for minutes. */
const longRunning = { HyperParameters: { objective: 'binary:logistic', num_round: '1000000' } };

describe('a training job', () => {
  it('passes through its stages, leaves a model and the metrics of its log', async () => {
    const { TrainingJobArn } = await create('good');
    expect(TrainingJobArn).toBe('arn:aws:sagemaker:us-east-1:000000000000:training-job/good');
    const job = await endedTraining(served.client, 'good');
    expect(job).toMatchObject({
      TrainingJobStatus: 'Completed',
      SecondaryStatus: 'Completed',
      ModelArtifacts: { S3ModelArtifacts: 's3://models/jobs/good/output/model.tar.gz' },
      HyperParameters: { num_round: '5' },
    });
    expect(job.SecondaryStatusTransitions?.map(({ Status }) => Status)).toEqual([
      'Starting',
      'Downloading',
      'Training',
      'Uploading',
      'Completed',
    ]);
    expect(job.FinalMetricDataList?.map(({ MetricName }) => MetricName)).toEqual([
      'train:auc',
      'validation:auc',
    ]);
    expect(job.BillableTimeInSeconds).toBeGreaterThan(0);
    expect(served.doubles.objects.has('models/jobs/good/output/model.tar.gz')).toBe(true);
    expect(served.doubles.logs.get('/aws/sagemaker/TrainingJobs')?.join('\n')).toMatch(
      /^\[4\]#011train-auc:/m,
    );
  });

  it('tells the default bus of each stage', async () => {
    await create('told');
    await endedTraining(served.client, 'told');
    const events = served.doubles.events.filter(({ resources }) => resources?.[0]?.endsWith('/told'));
    expect(events.map(({ source, detailType }) => `${source} ${detailType}`)).toContain(
      'aws.sagemaker SageMaker Training Job State Change',
    );
    expect(events.map(({ detail }) => (detail as Record<string, unknown>)['SecondaryStatus'])).toEqual([
      'Starting',
      'Downloading',
      'Training',
      'Uploading',
      'Completed',
    ]);
    expect(events.at(-1)?.detail).toMatchObject({
      TrainingJobName: 'told',
      TrainingJobStatus: 'Completed',
      TrainingEndTime: expect.stringMatching(/^\d{13}$/),
    });
  });

  it('makes the same model bytes of the same recipe', async () => {
    await create('twin-a');
    await create('twin-b');
    await Promise.all([endedTraining(served.client, 'twin-a'), endedTraining(served.client, 'twin-b')]);
    const model = (name: string) => served.doubles.objects.get(`models/jobs/${name}/output/model.tar.gz`);
    expect(model('twin-a')?.equals(model('twin-b') as Buffer)).toBe(true);
  });

  it('fails with the words of its program', async () => {
    await create('bad-parameter', { HyperParameters: { num_round: '5', booster: 'dart' } });
    const job = await endedTraining(served.client, 'bad-parameter');
    expect(job.TrainingJobStatus).toBe('Failed');
    expect(job.FailureReason).toBe(
      "AlgorithmError: Hyperparameter booster: 'dart' is not implemented by the local XGBoost program; allowed here: gbtree. Leave it out, or train on AWS., exit code: 1",
    );
  });

  it('fails when there is nothing below an input prefix', async () => {
    const [train] = trainingJobRequest('x').InputDataConfig ?? [];
    const DataSource = { S3DataSource: { S3DataType: 'S3Prefix' as const, S3Uri: 's3://data/nothing/' } };
    await create('no-data', { InputDataConfig: [{ ...train, DataSource }] });
    expect((await endedTraining(served.client, 'no-data')).FailureReason).toContain(
      'No S3 objects found under S3 URL "s3://data/nothing/"',
    );
  });

  it.each([
    ['s3:ListBucket', 'No S3 objects found'],
    [
      's3:GetObject',
      'ClientError: Data download failed:Could not download s3://data/train/part-0.csv: insufficient permissions.',
    ],
    ['s3:PutObject', 'ClientError: Artifact upload failed:Could not upload s3://models/jobs/'],
  ])('fails when its role lacks %s', async (action, message) => {
    served.doubles.denied.add(action);
    const name = `lacks-${action.slice(3)}`;
    await create(name);
    const job = await endedTraining(served.client, name);
    served.doubles.denied.clear();
    expect(job.TrainingJobStatus).toBe('Failed');
    expect(job.FailureReason).toContain(message);
    expect(job.FailureReason).toContain(`is not authorized to perform: ${action}`);
  });

  it('stops on request', async () => {
    await create('to-stop', longRunning);
    await trainingStage(served.client, 'to-stop', 'Training');
    await served.client.send(new StopTrainingJobCommand({ TrainingJobName: 'to-stop' }));
    expect(await endedTraining(served.client, 'to-stop')).toMatchObject({
      TrainingJobStatus: 'Stopped',
      SecondaryStatus: 'Stopped',
    });
    await expect(
      served.client.send(new StopTrainingJobCommand({ TrainingJobName: 'to-stop' })),
    ).rejects.toThrow('is in status Stopped');
  });

  it('stops when it exceeds its time', async () => {
    await create('too-long', { ...longRunning, StoppingCondition: { MaxRuntimeInSeconds: 1 } });
    expect(await endedTraining(served.client, 'too-long')).toMatchObject({
      TrainingJobStatus: 'Stopped',
      SecondaryStatus: 'MaxRuntimeExceeded',
    });
  });

  it.each([
    ['a name that exists', {}, 'ResourceInUse', 'a training job with this name already exists'],
    [
      'an image of its own',
      {
        TrainingJobName: 'own',
        AlgorithmSpecification: { TrainingImage: 'me/mine:1', TrainingInputMode: 'File' },
      },
      'ValidationException',
      'The image me/mine:1 cannot run on a laptop',
    ],
    [
      'spot without a waiting time',
      { TrainingJobName: 'spot', EnableManagedSpotTraining: true },
      'ValidationException',
      'Invalid MaxWaitTimeInSeconds',
    ],
    [
      'an unknown member',
      { TrainingJobName: 'vpc', VpcConfig: { SecurityGroupIds: ['sg-1'], Subnets: ['s-1'] } },
      'ValidationException',
      "at 'vpcConfig'",
    ],
  ])('is refused with %s', async (_what, changes, code, message) => {
    await expect(create('good', changes)).rejects.toMatchObject({
      name: code,
      message: expect.stringContaining(message),
    });
  });

  it('is not found under another name', async () => {
    await expect(
      served.client.send(new DescribeTrainingJobCommand({ TrainingJobName: 'absent' })),
    ).rejects.toMatchObject({ name: 'ValidationException', message: 'Requested resource not found.' });
  });

  it('is listed and tagged', async () => {
    await create('tagged', { Tags: [{ Key: 'project', Value: 'tumour' }] });
    const { TrainingJobArn: ResourceArn } = await endedTraining(served.client, 'tagged');
    await served.client.send(new AddTagsCommand({ ResourceArn, Tags: [{ Key: 'run', Value: '1' }] }));
    await served.client.send(new DeleteTagsCommand({ ResourceArn, TagKeys: ['project'] }));
    expect((await served.client.send(new ListTagsCommand({ ResourceArn }))).Tags).toEqual([
      { Key: 'run', Value: '1' },
    ]);
    const { TrainingJobSummaries } = await served.client.send(
      new ListTrainingJobsCommand({ NameContains: 'tagged', StatusEquals: 'Completed' }),
    );
    expect(TrainingJobSummaries?.map(({ TrainingJobName }) => TrainingJobName)).toEqual(['tagged']);
  });
});

describe('the runtime', () => {
  it('starts a job again that its end interrupted', async () => {
    const dataDir = mkdtempSync(`${tmpdir()}/millrace-sagemaker-`);
    const first = await serveSageMaker({ dataDir });
    const slow = labelledCsv(20_000);
    first.doubles.objects.set('data/train/part-0.csv', slow);
    const request = {
      ...trainingJobRequest('interrupted'),
      HyperParameters: { objective: 'binary:logistic', num_round: '300' },
    };
    await first.client.send(new CreateTrainingJobCommand(request));
    await trainingStage(first.client, 'interrupted', 'Training');
    await first.close();
    const second = await serveSageMaker({ dataDir });
    await second.resume();
    const job = await endedTraining(second.client, 'interrupted');
    expect(job.TrainingJobStatus).toBe('Completed');
    expect(job.SecondaryStatusTransitions?.filter(({ Status }) => Status === 'Starting')).toHaveLength(2);
    await second.close();
    rmSync(dataDir, { recursive: true });
  });

  it('delivers events as the fault switch says', async () => {
    const twice = await serveSageMaker({
      faults: {
        deliveries: (channel) => (channel === 'sagemaker-event' ? [0, 1] : [0]),
        beforeCall: () => undefined,
      },
    });
    await twice.client.send(new CreateTrainingJobCommand(trainingJobRequest('twice')));
    await endedTraining(twice.client, 'twice');
    expect(
      twice.doubles.events.filter(
        ({ detail }) => (detail as Record<string, unknown>)['SecondaryStatus'] === 'Training',
      ),
    ).toHaveLength(2);
    await twice.close();
  });

  it('refuses a role that SageMaker may not assume', async () => {
    const assertAssumable = (roleArn: string): never => {
      throw new AwsError('ValidationException', `Could not assume role ${roleArn}.`);
    };
    const strict = await serveSageMaker({ apis: { iam: { ...allowEverything, assertAssumable } } });
    await expect(
      strict.client.send(new CreateTrainingJobCommand(trainingJobRequest('no-role'))),
    ).rejects.toThrow('Could not assume role');
    await expect(
      strict.client.send(new DescribeTrainingJobCommand({ TrainingJobName: 'no-role' })),
    ).rejects.toThrow('not found');
    await strict.close();
  });
});
