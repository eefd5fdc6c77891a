import {
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  DescribeModelPackageCommand,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPackageMirror } from '#services/registry/store/package-mirror.ts';
import { XGBOOST_IMAGE } from '../../scripts/local/sagemaker/testing/requests.ts';
import {
  type ServedSageMaker,
  serveSageMaker,
} from '../../scripts/local/sagemaker/testing/served-sagemaker.ts';

let served: ServedSageMaker;
const group = 'wine-models';
beforeAll(async () => {
  served = await serveSageMaker();
  await served.client.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: group }));
});
afterAll(() => served.close());

const create = (changes = {}) =>
  served.client.send(new CreateModelPackageCommand({ ModelPackageGroupName: group, ...changes }));

describe('model packages', () => {
  it('are numbered in their group, and made once for one client token', async () => {
    const first = await create({ ClientToken: 'once' });
    const again = await create({ ClientToken: 'once' });
    const second = await create({ ClientToken: 'twice' });
    expect(first.ModelPackageArn).toMatch(/:model-package\/wine-models\/1$/);
    expect(again.ModelPackageArn).toBe(first.ModelPackageArn);
    expect(second.ModelPackageArn).toMatch(/\/2$/);
  });

  it('have an approval status that changes', async () => {
    const { ModelPackageArn } = await create();
    const describe = async () =>
      served.client.send(new DescribeModelPackageCommand({ ModelPackageName: ModelPackageArn }));
    expect(await describe()).toMatchObject({ ModelApprovalStatus: 'PendingManualApproval' });
    await served.client.send(
      new UpdateModelPackageCommand({
        ModelPackageArn,
        ModelApprovalStatus: 'Rejected',
        ApprovalDescription: 'auc',
      }),
    );
    expect(await describe()).toMatchObject({ ModelApprovalStatus: 'Rejected', ApprovalDescription: 'auc' });
  });

  it.each([
    ['a property with a character that is not allowed', { CustomerMetadataProperties: { a: '{}' } }],
    ['an empty property', { CustomerMetadataProperties: { a: '' } }],
    ['a token that is too long', { ClientToken: 'x'.repeat(37) }],
    ['a group that is not there', { ModelPackageGroupName: 'none' }],
  ])('are refused with %s', async (_what, changes) => {
    await expect(create(changes)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('take what the registry’s mirror sends, again and again', async () => {
    const mirror = createPackageMirror(served.client, 'dev');
    const version = {
      project: 'wine',
      model: 'wine',
      modelVersion: 3,
      description: 'Version 3 of wine.',
      inference: { image: XGBOOST_IMAGE, modelDataUrl: 's3://models/model.tar.gz' },
      metricsReport: 's3://data/report.json',
      properties: { 'millrace.artifactSha256': 'a'.repeat(64) },
    };
    const arn = await mirror.create(version);
    expect(await mirror.create(version)).toBe(arn);
    await mirror.setApproval(arn, 'Approved', 'It serves all traffic.');
    const shown = await served.client.send(new DescribeModelPackageCommand({ ModelPackageName: arn }));
    expect(shown).toMatchObject({
      ModelPackageGroupName: 'millrace-dev-wine-models',
      ModelApprovalStatus: 'Approved',
      CustomerMetadataProperties: version.properties,
    });
  });
});
