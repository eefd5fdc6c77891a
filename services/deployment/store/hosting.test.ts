import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { describe, expect, it } from 'vitest';
import type { ServableRelease } from '../ports.ts';
import { createHosting } from './hosting.ts';

const instances = (instanceType: string) => ({ mode: 'instances', instances: { instanceType, count: 1 } });
const serverless = { mode: 'serverless', serverless: { memorySizeMb: 2048, maxConcurrency: 5 } };

/** What SageMaker is asked for: the model and the endpoint configuration. */
async function requestsOf(deployment: unknown, keyArn?: string) {
  const sent: { constructor: { name: string }; input: Record<string, unknown> }[] = [];
  const client = {
    send: async (command: (typeof sent)[number]) => {
      sent.push(command);
      return {};
    },
  } as unknown as SageMakerClient;
  const release = { project: 'tumour', trainingImage: 'image:1', artifact: { uri: 's3://m/a' }, deployment };
  await createHosting(client, 'arn:aws:iam::000000000000:role/r', keyArn).create(
    'millrace-dev-tumour-v1',
    release as unknown as ServableRelease,
  );
  const inputOf = (command: string) => sent.find((one) => one.constructor.name === command)?.input;
  return { model: inputOf('CreateModelCommand'), config: inputOf('CreateEndpointConfigCommand') };
}
const configOf = async (deployment: unknown, keyArn?: string) =>
  (await requestsOf(deployment, keyArn)).config;

describe('a model', () => {
  it('has no network on instances; serverless endpoints take no isolated model', async () => {
    const isolationOf = async (deployment: unknown) =>
      (await requestsOf(deployment)).model?.['EnableNetworkIsolation'];
    expect([await isolationOf(instances('ml.m5.large')), await isolationOf(serverless)]).toEqual([
      true,
      false,
    ]);
  });
});

describe('an endpoint configuration', () => {
  it('encrypts the volumes of instances with the stage’s key', async () => {
    expect(await configOf(instances('ml.m5.large'), 'key')).toMatchObject({ KmsKeyId: 'key' });
    expect((await configOf(instances('ml.m5.large')))?.['KmsKeyId']).toBeUndefined();
  });

  it.each([
    ['instances with local storage', instances('ml.g5.xlarge')],
    ['serverless variants', serverless],
  ])('names no key for %s', async (_what, deployment) => {
    expect((await configOf(deployment, 'key'))?.['KmsKeyId']).toBeUndefined();
  });
});
