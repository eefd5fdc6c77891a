import { describe, expect, it } from 'vitest';
import { inspect } from '../testing/synthesize.ts';
import { RegistryStack } from './registry-stack.ts';

/** Names of handlers, and all that the stack's roles may do with SageMaker. */
function registryOf(modelPackageMirror: boolean) {
  const { resources } = inspect('dev', [RegistryStack], { modelPackageMirror });
  const own = resources.filter(({ stackName }) => stackName.endsWith('registry'));
  const text = JSON.stringify(own.map(({ properties }) => properties));
  return {
    mirrors: text.includes('on-mirrored-fact'),
    actions: [...new Set(text.match(/sagemaker:[A-Za-z]+/g) ?? [])].sort(),
  };
}

describe('the mirror in SageMaker’s Model Registry', () => {
  it('is there with its setting, and may make and change model packages alone', () => {
    expect(registryOf(true)).toEqual({
      mirrors: true,
      actions: [
        'sagemaker:AddTags',
        'sagemaker:CreateModelPackage',
        'sagemaker:CreateModelPackageGroup',
        'sagemaker:UpdateModelPackage',
      ],
    });
  });

  it('is not there without, nor may the registry do anything with SageMaker', () => {
    expect(registryOf(false)).toEqual({ mirrors: false, actions: [] });
  });
});
