import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { ProductionVariant } from '@aws-sdk/client-sagemaker';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateTrainingJobCommand,
  DeleteEndpointCommand,
  DeleteModelCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  ListEndpointsCommand,
  ListModelsCommand,
  UpdateEndpointCommand,
  UpdateEndpointWeightsAndCapacitiesCommand,
} from '@aws-sdk/client-sagemaker';
import type { InvokeEndpointCommandInput } from '@aws-sdk/client-sagemaker-runtime';
import { InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ROLE_ARN, trainingJobRequest, XGBOOST_IMAGE } from './testing/requests.ts';
import type { ServedSageMaker } from './testing/served-sagemaker.ts';
import { serveSageMaker } from './testing/served-sagemaker.ts';
import { endedTraining, settledEndpoint } from './testing/waits.ts';

const ARCHIVE = 's3://models/jobs/base/output/model.tar.gz';
const serverless = { MemorySizeInMB: 1024, MaxConcurrency: 5 };
let dataDir: string;
let served: ServedSageMaker;
beforeAll(async () => {
  dataDir = mkdtempSync(`${tmpdir()}/millrace-sagemaker-`);
  served = await serveSageMaker({ dataDir });
  await served.client.send(new CreateTrainingJobCommand(trainingJobRequest('base')));
  await endedTraining(served.client, 'base');
  await createModel('good');
});
afterAll(async () => {
  await served.close();
  rmSync(dataDir, { recursive: true });
});

const createModel = (ModelName: string, ModelDataUrl = ARCHIVE) =>
  served.client.send(
    new CreateModelCommand({
      ModelName,
      ExecutionRoleArn: ROLE_ARN,
      PrimaryContainer: { Image: XGBOOST_IMAGE, ModelDataUrl },
    }),
  );
const createConfig = (EndpointConfigName: string, ...variants: Partial<ProductionVariant>[]) =>
  served.client.send(
    new CreateEndpointConfigCommand({
      EndpointConfigName,
      ProductionVariants: variants.map((variant) => ({
        VariantName: 'all',
        ModelName: 'good',
        ServerlessConfig: serverless,
        ...variant,
      })),
    }),
  );
const createEndpoint = async (name: string, ...variants: Partial<ProductionVariant>[]) => {
  await createConfig(name, ...variants);
  await served.client.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
  return await settledEndpoint(served.client, name);
};
const invoke = (EndpointName: string, changes: Partial<InvokeEndpointCommandInput> = {}, from = served) =>
  from.runtime.send(
    new InvokeEndpointCommand({
      EndpointName,
      ContentType: 'text/csv',
      Body: Buffer.from('90,10,3\n'),
      ...changes,
    }),
  );

describe('an endpoint', () => {
  it('comes into service, predicts, and goes', async () => {
    expect(await createEndpoint('life', {})).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'life',
      ProductionVariants: [{ VariantName: 'all', CurrentWeight: 1, CurrentServerlessConfig: serverless }],
    });
    const answer = await invoke('life', {
      Accept: 'application/json',
      InferenceId: 'abc',
      CustomAttributes: 'trace=1',
    });
    const { predictions } = JSON.parse(Buffer.from(answer.Body).toString()) as {
      predictions: { score: number }[];
    };
    expect(predictions[0]?.score).toBeGreaterThan(0.5);
    expect(answer).toMatchObject({ InvokedProductionVariant: 'all', ContentType: 'application/json' });
    const { Endpoints } = await served.client.send(new ListEndpointsCommand({ NameContains: 'life' }));
    expect(Endpoints?.map(({ EndpointStatus }) => EndpointStatus)).toEqual(['InService']);
    await served.client.send(new DeleteEndpointCommand({ EndpointName: 'life' }));
    await vi.waitFor(
      async () =>
        await expect(
          served.client.send(new DescribeEndpointCommand({ EndpointName: 'life' })),
        ).rejects.toThrow('Could not find endpoint'),
    );
    await expect(invoke('life')).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Endpoint life of account 000000000000 not found.',
    });
    const events = served.doubles.events.filter(({ resources }) => resources?.[0]?.endsWith('endpoint/life'));
    expect(events.map(({ detail }) => (detail as Record<string, unknown>)['EndpointStatus'])).toEqual([
      'CREATING',
      'IN_SERVICE',
      'DELETING',
      'DELETED',
    ]);
  });

  it('counts invocations and times them', async () => {
    await createEndpoint('counted', {});
    served.doubles.metrics.clear();
    await invoke('counted');
    await expect(invoke('counted', { Body: Buffer.from('1\n') })).rejects.toThrow();
    expect(served.doubles.metrics.get('Invocations')).toEqual([1, 1]);
    expect(served.doubles.metrics.get('Invocation4XXErrors')).toEqual([0, 1]);
    expect(served.doubles.metrics.get('Invocation5XXErrors')).toEqual([0, 0]);
    expect(served.doubles.metrics.get('ModelLatency')).toHaveLength(2);
    expect(served.doubles.metrics.get('OverheadLatency')).toHaveLength(2);
  });

  it('passes on what its container refuses', async () => {
    await createEndpoint('refusing', {});
    await expect(invoke('refusing', { Body: Buffer.from('1,2\n') })).rejects.toMatchObject({
      name: 'ModelError',
      OriginalStatusCode: 400,
      OriginalMessage: expect.stringContaining('the request has 2 features, the model was trained with 3'),
      LogStreamArn:
        'arn:aws:logs:us-east-1:000000000000:log-group:/aws/sagemaker/Endpoints/refusing:log-stream:all/local',
    });
    await expect(invoke('refusing', { ContentType: 'application/json' })).rejects.toMatchObject({
      OriginalStatusCode: 415,
    });
  });

  it.each([
    [
      'more than 4 MiB to a serverless variant',
      { Body: Buffer.alloc(4 * 1024 * 1024 + 1) },
      'at most 4194304 are allowed',
    ],
    [
      'an unknown variant',
      { TargetVariant: 'other' },
      'Variant other not found in endpoint strict; it has all.',
    ],
    ['a target model', { TargetModel: 'm' }, 'X-Amzn-SageMaker-target-model is not supported'],
    [
      'an inference id of 65 characters',
      { InferenceId: 'x'.repeat(65) },
      'it has 1 to 64 printable characters',
    ],
    [
      'custom attributes of 1025 characters',
      { CustomAttributes: 'x'.repeat(1025) },
      'at most 1024 are allowed',
    ],
  ])('refuses %s', async (_what, changes, message) => {
    if (
      (await served.client.send(new ListEndpointsCommand({ NameContains: 'strict' }))).Endpoints?.length === 0
    )
      await createEndpoint('strict', {});
    await expect(invoke('strict', changes)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining(message),
    });
  });

  it('throttles beyond MaxConcurrency', async () => {
    await createEndpoint('narrow', { ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } });
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => invoke('narrow')));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(8);
    for (const { reason } of refused)
      expect(reason).toMatchObject({ name: 'ThrottlingException', $metadata: { httpStatusCode: 429 } });
  });

  it('chooses variants by weight, or as the caller says', async () => {
    const instance = {
      ServerlessConfig: undefined,
      InstanceType: 'ml.m5.large' as const,
      InitialInstanceCount: 1,
    };
    await createEndpoint(
      'split',
      { VariantName: 'a', ...instance, InitialVariantWeight: 0 },
      { VariantName: 'b', ...instance },
    );
    expect((await invoke('split')).InvokedProductionVariant).toBe('b');
    expect((await invoke('split', { TargetVariant: 'a' })).InvokedProductionVariant).toBe('a');
    const DesiredWeightsAndCapacities = [
      { VariantName: 'a', DesiredWeight: 1 },
      { VariantName: 'b', DesiredWeight: 0 },
    ];
    await served.client.send(
      new UpdateEndpointWeightsAndCapacitiesCommand({ EndpointName: 'split', DesiredWeightsAndCapacities }),
    );
    await settledEndpoint(served.client, 'split');
    expect((await invoke('split')).InvokedProductionVariant).toBe('a');
  });

  it('changes its configuration and keeps the old one when the new one fails', async () => {
    await createEndpoint('changing', { VariantName: 'old' });
    await createConfig('changing-2', { VariantName: 'new' });
    const update = (EndpointConfigName: string) =>
      served.client.send(new UpdateEndpointCommand({ EndpointName: 'changing', EndpointConfigName }));
    await update('changing-2');
    await expect(update('changing-2')).rejects.toThrow('Cannot update in-progress endpoint');
    expect(await settledEndpoint(served.client, 'changing')).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'changing-2',
    });
    expect((await invoke('changing')).InvokedProductionVariant).toBe('new');
    await createModel('absent', 's3://models/absent.tar.gz');
    await createConfig('changing-3', { ModelName: 'absent' });
    await update('changing-3');
    const kept = await settledEndpoint(served.client, 'changing');
    expect(kept).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'changing-2',
      FailureReason: expect.stringContaining('Failed to download model data'),
    });
    expect((await invoke('changing')).InvokedProductionVariant).toBe('new');
  });

  it.each([
    [
      'a missing archive',
      's3://models/nothing.tar.gz',
      undefined,
      'Failed to download model data for container "container_1" from URL: "s3://models/nothing.tar.gz"',
    ],
    ['an archive that is none', 's3://models/text.tar.gz', Buffer.from('hello'), 'is a valid tar.gz archive'],
  ])('fails with %s', async (what, url, body, message) => {
    if (body !== undefined) served.doubles.objects.set(url.slice('s3://'.length), body);
    const name = what.replaceAll(' ', '-');
    await createModel(name, url);
    const endpoint = await createEndpoint(name, { ModelName: name });
    expect(endpoint).toMatchObject({
      EndpointStatus: 'Failed',
      FailureReason: expect.stringContaining(message),
    });
    await expect(invoke(name)).rejects.toThrow('not found');
  });

  it('serves again after a restart, though its model is deleted', async () => {
    await createModel('passing');
    await createEndpoint('lasting', { ModelName: 'passing' });
    await served.client.send(new DeleteModelCommand({ ModelName: 'passing' }));
    const before = Buffer.from((await invoke('lasting')).Body).toString();
    await served.close();
    served = await serveSageMaker({ dataDir }, served.doubles);
    await served.resume();
    expect(Buffer.from((await invoke('lasting')).Body).toString()).toBe(before);
  });
});

describe('models and configurations', () => {
  it('are described and listed', async () => {
    expect(await served.client.send(new DescribeModelCommand({ ModelName: 'good' }))).toMatchObject({
      ModelName: 'good',
      PrimaryContainer: { Image: XGBOOST_IMAGE, ModelDataUrl: ARCHIVE },
    });
    await createConfig('described', {});
    expect(
      await served.client.send(new DescribeEndpointConfigCommand({ EndpointConfigName: 'described' })),
    ).toMatchObject({ ProductionVariants: [{ InitialVariantWeight: 1 }] });
    const { Models } = await served.client.send(new ListModelsCommand({ NameContains: 'good' }));
    expect(Models).toHaveLength(1);
  });

  it.each([
    ['a model that exists', () => createModel('good'), 'Cannot create already existing model'],
    [
      'a configuration with an unknown model',
      () => createConfig('c1', { ModelName: 'nobody' }),
      'Could not find model',
    ],
    [
      'a configuration with odd memory',
      () => createConfig('c2', { ServerlessConfig: { MemorySizeInMB: 1500, MaxConcurrency: 1 } }),
      'MemorySizeInMB of variant all is 1500',
    ],
    [
      'a configuration with nothing to run on',
      () => createConfig('c3', { ServerlessConfig: undefined }),
      'needs either ServerlessConfig or both',
    ],
    [
      'a configuration with two variants of a name',
      () => createConfig('c4', {}, {}),
      'Variant names must be unique: all, all',
    ],
    [
      'an endpoint without a configuration',
      () =>
        served.client.send(new CreateEndpointCommand({ EndpointName: 'e', EndpointConfigName: 'nothing' })),
      'Could not find endpoint configuration',
    ],
  ])('refuse %s', async (_what, attempt, message) => {
    await expect(attempt()).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });
});
