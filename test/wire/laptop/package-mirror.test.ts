import { DescribeModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { XGBOOST_IMAGE } from '../../../scripts/local/sagemaker/testing/requests.ts';
import {
  type ServedSageMaker,
  serveSageMaker,
} from '../../../scripts/local/sagemaker/testing/served-sagemaker.ts';
import { createPackageMirror } from '../../../services/registry/store/package-mirror.ts';

let served: ServedSageMaker;
beforeAll(async () => {
  served = await serveSageMaker();
});
afterAll(() => served.close());

describe('the laptop’s model packages', () => {
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
