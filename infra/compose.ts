import { Aspects } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CodeSource } from './code/code-source.ts';
import type { StageConfig } from './config.ts';
import { EncryptionKey } from './constructs/encryption-key.ts';
import { type Platform, platformNames } from './platform.ts';
import { ApiStack } from './stacks/api-stack.ts';
import { BusStack } from './stacks/bus-stack.ts';
import type { ServiceStackClass } from './stacks/index.ts';
import { ObservabilityStack } from './stacks/observability-stack.ts';
import { SagemakerStack } from './stacks/sagemaker-stack.ts';
import { StorageStack } from './stacks/storage-stack.ts';

/** Puts all stacks of a stage into an app: first what services stand on, then the services. */
export function composeStage(
  app: Construct,
  config: StageConfig,
  code: CodeSource,
  services: readonly ServiceStackClass[],
): void {
  const names = platformNames(config, code);
  const foundations = [
    new BusStack(app, names),
    new StorageStack(app, names),
    new SagemakerStack(app, names),
    new ObservabilityStack(app, names),
  ];
  const api = new ApiStack(app, names);
  const platform: Platform = { ...names, api };
  for (const ServiceClass of services) {
    const stack = new ServiceClass(app, platform);
    for (const foundation of [...foundations, api]) stack.addStackDependency(foundation);
  }
  if (config.encryptionKeyArn)
    Aspects.of(app).add(new EncryptionKey(config.encryptionKeyArn, names.environment.region));
}
