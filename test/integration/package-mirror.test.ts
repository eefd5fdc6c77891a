import { DescribeModelPackageCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DeploymentCompleted } from '#events/deployment.ts';
import { ModelVersionRegistered } from '#events/registry.ts';
import { samples } from '#events/samples.ts';
import { RunningPlatform } from './running-platform.ts';
import { assemblyOfStage } from './stage-assembly.ts';

/** A laptop that copies versions to SageMaker's Model Registry, under the role that such a stage deploys. */
const platform = new RunningPlatform({ assemble: assemblyOfStage('local', { modelPackageMirror: true }) });
beforeAll(() => platform.start());
afterAll(() => platform.close());

const sampleOf = (detailType: string) => {
  const sample = samples.find((one) => one.detailType === detailType);
  if (!sample) throw new Error(`There is no sample of ${detailType}.`);
  return sample;
};
const tell = ({ source, detailType, detail }: ReturnType<typeof sampleOf>) =>
  platform.invoke('registry', 'on-mirrored-fact', { source, 'detail-type': detailType, detail });

it('a registered version is a package that waits for approval, and is approved when it serves', async () => {
  const registered = sampleOf(ModelVersionRegistered.detailType);
  await tell(registered);
  await tell(registered);
  const { awsUrl, region, credentials } = platform.runtime.endpoints;
  const client = new SageMakerClient({ endpoint: awsUrl, region, credentials });
  const name = `arn:aws:sagemaker:${region}:000000000000:model-package/millrace-local-tumour-models/1`;
  const shown = () => client.send(new DescribeModelPackageCommand({ ModelPackageName: name }));
  expect(await shown()).toMatchObject({
    ModelPackageVersion: 1,
    ModelApprovalStatus: 'PendingManualApproval',
  });
  await tell(sampleOf(DeploymentCompleted.detailType));
  expect(await shown()).toMatchObject({ ModelApprovalStatus: 'Approved' });
});
