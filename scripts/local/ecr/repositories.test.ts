import { describe, expect, it } from 'vitest';
import type { ResourceDeclaration } from '../emulated-service.ts';
import { makeTestContext } from '../testing/serve-one.ts';
import { createEcr } from './index.ts';

const uri = '000000000000.dkr.ecr.us-east-1.amazonaws.com/millrace-local-processing';
const declaration = (
  changes: Partial<ResourceDeclaration> = {},
  properties: Record<string, unknown> = {},
): ResourceDeclaration => ({
  stackName: 'Millrace-local-sagemaker',
  logicalId: 'ProcessingRepository',
  type: 'AWS::ECR::Repository',
  properties: { RepositoryName: 'millrace-local-processing', ...properties },
  metadata: { 'millrace:program': { code: 'code.zip', layers: ['layer.zip'] } },
  ...changes,
});
const ecr = () =>
  createEcr(
    makeTestContext({ dataDir: '/nowhere', assetPath: (key) => `/cdk.out/${key.replace('.zip', '')}` }),
  );

describe('a repository of the template', () => {
  it('has the name, ARN and URI that it has at AWS', async () => {
    expect(await ecr().provision(declaration())).toEqual({
      ref: 'millrace-local-processing',
      attributes: {
        Arn: 'arn:aws:ecr:us-east-1:000000000000:repository/millrace-local-processing',
        RepositoryUri: uri,
      },
    });
  });

  it('gives the program that its metadata names, for any tag and digest', async () => {
    const service = ecr();
    await service.provision(declaration());
    const program = {
      folder: '/cdk.out/code',
      modulePaths: ['/cdk.out/layer/nodejs/node_modules'],
    };
    expect(service.program(`${uri}:1`)).toEqual(program);
    expect(service.program(`${uri}@sha256:${'0'.repeat(64)}`)).toEqual(program);
    expect(service.programImages()).toEqual([uri]);
  });

  it.each([
    ['no tag', uri],
    ['another repository', `${uri}-2:1`],
    ['another account', `${uri.replace('000000000000', '111111111111')}:1`],
    ['another region', `${uri.replace('us-east-1', 'eu-west-1')}:1`],
    ['another registry', 'millrace-local-processing:1'],
  ])('gives nothing for an image with %s', async (_what, image) => {
    const service = ecr();
    await service.provision(declaration());
    expect(service.program(image)).toBeUndefined();
  });

  it('gives no program where the template names none, nor after it is gone', async () => {
    const service = ecr();
    await service.provision(declaration({ metadata: {} }));
    expect(service.programImages()).toEqual([]);
    await service.provision(declaration());
    await service.deprovision?.(
      declaration({ previous: { ref: 'millrace-local-processing', attributes: {} } }),
    );
    expect(service.program(`${uri}:1`)).toBeUndefined();
  });

  it.each([
    [
      'a property that is not imitated',
      declaration({}, { EncryptionConfiguration: {} }),
      'EncryptionConfiguration',
    ],
    ['metadata of another form', declaration({ metadata: { 'millrace:program': 'x' } }), 'millrace:program'],
  ])('is refused with %s', async (_what, declared, message) => {
    await expect(ecr().provision(declared)).rejects.toThrow(message);
  });
});
