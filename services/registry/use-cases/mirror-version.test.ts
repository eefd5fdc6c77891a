import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { describe, expect, it } from 'vitest';
import { samples } from '#events/samples.ts';
import { mirroredEvents } from '#services/registry/contract.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import { createPackageMirror } from '../store/package-mirror.ts';
import { createPackageStore } from '../store/package-store.ts';
import { mirrorFact } from './mirror-version.ts';

const sample = (detailType: string, modelVersion?: number) => {
  const found = samples.find((event) => event.detailType === detailType)!;
  const data = { ...(found.detail.data as object), ...(modelVersion ? { modelVersion } : {}) };
  return { ...found, detail: { ...found.detail, data } };
};

function setUp() {
  const sent: { command: string; input: Record<string, unknown> }[] = [];
  const client = {
    send: async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
      sent.push({ command: command.constructor.name, input: command.input });
      return {
        ModelPackageArn:
          'arn:aws:sagemaker:us-east-1:000000000000:model-package/millrace-dev-tumour-models/1',
      };
    },
  } as unknown as SageMakerClient;
  const deps = {
    mirror: createPackageMirror(client, 'dev'),
    packages: createPackageStore(createMemoryTable()),
  };
  return {
    deps,
    sent,
    inputsOf: (name: string) => sent.filter(({ command }) => command === name).map(({ input }) => input),
  };
}

describe('the mirror in SageMaker’s Model Registry', () => {
  it('holds a trained version with digests, metrics and what serves it, waiting for approval', async () => {
    const { deps, inputsOf } = setUp();
    await mirrorFact(deps, sample('ModelVersionRegistered.v1'));
    const [input] = inputsOf('CreateModelPackageCommand');
    expect(input).toMatchObject({
      ModelPackageGroupName: 'millrace-dev-tumour-models',
      ModelApprovalStatus: 'PendingManualApproval',
      ClientToken: expect.stringMatching(/^[0-9a-f]{36}$/),
      InferenceSpecification: { SupportedContentTypes: ['text/csv'] },
      ModelMetrics: { ModelQuality: { Statistics: { ContentType: 'application/json' } } },
    });
    expect(input?.['CustomerMetadataProperties']).toMatchObject({
      'millrace.artifactSha256': expect.stringMatching(/^[0-9a-f]{64}$/),
      'metric.auc': '0.9985',
    });
  });

  it('holds a client’s version of the project by what was recorded of it', async () => {
    const { deps, inputsOf } = setUp();
    await mirrorFact(deps, sample('ModelVersionRegistered.v2'));
    const [input] = inputsOf('CreateModelPackageCommand');
    expect(input).toMatchObject({ SourceUri: expect.stringContaining('/registry/content/') });
    expect(input).not.toHaveProperty('InferenceSpecification');
  });

  it('is asked once for a fact that comes twice', async () => {
    const { deps, inputsOf } = setUp();
    await mirrorFact(deps, sample('ModelVersionRegistered.v1'));
    await mirrorFact(deps, sample('ModelVersionRegistered.v1'));
    expect(inputsOf('CreateModelPackageCommand')).toHaveLength(1);
  });

  it.each([
    ['DeploymentCompleted.v1', 'Approved'],
    ['DeploymentRolledBack.v1', 'Rejected'],
    ['ReleaseRejected.v1', 'Rejected'],
    ['ModelVersionQuarantined.v1', 'Rejected'],
  ])('follows %s with %s', async (detailType, ModelApprovalStatus) => {
    const { deps, inputsOf } = setUp();
    await mirrorFact(deps, sample('ModelVersionRegistered.v1'));
    await mirrorFact(deps, sample(detailType, 1));
    expect(inputsOf('UpdateModelPackageCommand')).toMatchObject([{ ModelApprovalStatus }]);
  });

  it('asks again later where a decision came before the version', async () => {
    const { deps } = setUp();
    await expect(mirrorFact(deps, sample('DeploymentCompleted.v1', 9))).rejects.toMatchObject({
      code: 'PackageMissing',
    });
  });

  it('follows every fact that it subscribes to', async () => {
    for (const { detailType } of mirroredEvents) {
      const { deps, sent } = setUp();
      await mirrorFact(deps, sample('ModelVersionRegistered.v1'));
      const before = sent.length;
      await mirrorFact(deps, sample(detailType, detailType.startsWith('ModelVersionRegistered') ? 7 : 1));
      expect(sent.length, detailType).toBeGreaterThan(before);
    }
  });
});
