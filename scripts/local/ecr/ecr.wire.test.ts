import { BatchGetImageCommand, ECRClient } from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveServices } from '../testing/serve-one.ts';
import { createEcr } from './index.ts';

describe('ECR', () => {
  let served: Awaited<ReturnType<typeof serveServices>>;
  let client: ECRClient;
  beforeAll(async () => {
    served = await serveServices([createEcr]);
    const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'test' };
    client = new ECRClient({ endpoint: served.url, region: 'us-east-1', credentials });
  });
  afterAll(async () => {
    client.destroy();
    await served.close();
  });
  const ask = (repositoryName: string, imageTag: string) =>
    client.send(
      new BatchGetImageCommand({ registryId: '683313688378', repositoryName, imageIds: [{ imageTag }] }),
    );

  it('tells the digest of a managed image, the same each time', async () => {
    const [first, second] = [
      await ask('sagemaker-xgboost', '3.0-5'),
      await ask('sagemaker-xgboost', '3.0-5'),
    ];
    expect(first.images?.[0]?.imageId).toEqual({
      imageTag: '3.0-5',
      imageDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
    expect(second.images).toEqual(first.images);
  });

  it('counts a tag that it has not among the failures', async () => {
    const { images, failures } = await ask('sagemaker-xgboost', '9.9-9');
    expect(images).toEqual([]);
    expect(failures).toMatchObject([{ imageId: { imageTag: '9.9-9' }, failureCode: 'ImageNotFound' }]);
  });

  it('knows no other repository', async () => {
    await expect(ask('my-image', 'latest')).rejects.toThrow(
      expect.objectContaining({ name: 'RepositoryNotFoundException' }),
    );
  });
});
