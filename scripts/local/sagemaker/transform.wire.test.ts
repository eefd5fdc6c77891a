import type { CreateTransformJobRequest } from '@aws-sdk/client-sagemaker';
import {
  CreateModelCommand,
  CreateTrainingJobCommand,
  CreateTransformJobCommand,
} from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLE_ARN, trainingJobRequest, XGBOOST_IMAGE } from './testing/requests.ts';
import type { ServedSageMaker } from './testing/served-sagemaker.ts';
import { serveSageMaker } from './testing/served-sagemaker.ts';
import { endedTraining, endedTransform } from './testing/waits.ts';

let served: ServedSageMaker;
beforeAll(async () => {
  served = await serveSageMaker();
  await served.client.send(new CreateTrainingJobCommand(trainingJobRequest('base')));
  await endedTraining(served.client, 'base');
  const ModelDataUrl = 's3://models/jobs/base/output/model.tar.gz';
  await served.client.send(
    new CreateModelCommand({
      ModelName: 'good',
      ExecutionRoleArn: ROLE_ARN,
      PrimaryContainer: { Image: XGBOOST_IMAGE, ModelDataUrl },
    }),
  );
});
afterAll(async () => await served.close());

describe('a transform job', () => {
  const job = (
    TransformJobName: string,
    changes: Partial<CreateTransformJobRequest> = {},
  ): CreateTransformJobCommand =>
    new CreateTransformJobCommand({
      TransformJobName,
      ModelName: 'good',
      TransformInput: {
        DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/batch/' } },
        ContentType: 'text/csv',
        SplitType: 'Line',
      },
      TransformOutput: { S3OutputPath: 's3://out/batch', AssembleWith: 'Line', Accept: 'text/csv' },
      TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
      ...changes,
    });
  const output = (key: string): string | undefined =>
    served.doubles.objects.get(`out/batch/${key}`)?.toString();

  it('predicts every object below a prefix', async () => {
    served.doubles.objects.set('data/batch/a.csv', Buffer.from('90,10,3\n1,80,3\n'));
    served.doubles.objects.set('data/batch/sub/b.csv', Buffer.from('90,10,3\n'));
    await served.client.send(job('plain'));
    expect((await endedTransform(served.client, 'plain')).TransformJobStatus).toBe('Completed');
    const [high, low] = (output('a.csv.out') ?? '').split('\n').map(Number);
    expect(high).toBeGreaterThan(low as number);
    expect(output('sub/b.csv.out')).toBe(`${high}\n`);
  });

  it('filters and joins columns', async () => {
    served.doubles.objects.set('data/batch/a.csv', Buffer.from('id1,90,10,3\n'));
    served.doubles.objects.delete('data/batch/sub/b.csv');
    await served.client.send(
      job('joined', {
        DataProcessing: { InputFilter: '$[1:]', JoinSource: 'Input', OutputFilter: '$[0,-1]' },
      }),
    );
    await endedTransform(served.client, 'joined');
    expect(output('a.csv.out')).toMatch(/^id1,0\.\d+\n$/);
  });

  it('fails when the model refuses a record', async () => {
    served.doubles.objects.set('data/batch/a.csv', Buffer.from('id1,90\n'));
    await served.client.send(job('refused'));
    const ended = await endedTransform(served.client, 'refused');
    expect(ended).toMatchObject({
      TransformJobStatus: 'Failed',
      FailureReason: expect.stringContaining('Bad HTTP status received from algorithm: 415'),
    });
    const events = served.doubles.events.filter(({ resources }) =>
      resources?.[0]?.endsWith('transform-job/refused'),
    );
    expect(events.at(-1)).toMatchObject({
      detailType: 'SageMaker Transform Job State Change',
      detail: { TransformJobStatus: 'Failed' },
    });
  });

  it('is refused under a name that exists, and without a model', async () => {
    await expect(served.client.send(job('plain'))).rejects.toMatchObject({ name: 'ResourceInUse' });
    await expect(served.client.send(job('orphan', { ModelName: 'nobody' }))).rejects.toThrow(
      'Could not find model',
    );
  });
});
