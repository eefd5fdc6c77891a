import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CreateTrainingJobInput } from '../api/training-inputs.ts';
import { filesBelow } from '../archive.ts';
import type { Exit } from '../child-process.ts';

const FAILURE_BYTES = 1024;

/** The `/opt/ml` of one training job, laid out below a folder. */
export interface TrainingContainer {
  readonly root: string;
  channelFolder(name: string): string;
  readonly modelFolder: string;
  hasModel(): boolean;
  /** Why the program failed, as SageMaker words it, from its failure file and exit. */
  failureReason(exit: Exit): string;
}

/** Writes the configuration files that a training container finds (SageMaker container contract). */
export function prepareContainer(root: string, input: CreateTrainingJobInput): TrainingContainer {
  const config = join(root, 'input', 'config');
  const modelFolder = join(root, 'model');
  const failureFile = join(root, 'output', 'failure');
  for (const folder of [config, modelFolder, join(root, 'output'), join(root, 'checkpoints')])
    mkdirSync(folder, { recursive: true });
  const write = (name: string, document: unknown): void =>
    writeFileSync(join(config, name), JSON.stringify(document));
  write('hyperparameters.json', input.HyperParameters ?? {});
  write(
    'inputdataconfig.json',
    Object.fromEntries(
      (input.InputDataConfig ?? []).map((channel) => [
        channel.ChannelName,
        {
          ContentType: channel.ContentType,
          TrainingInputMode: channel.InputMode ?? input.AlgorithmSpecification.TrainingInputMode,
          S3DistributionType: channel.DataSource.S3DataSource.S3DataDistributionType ?? 'FullyReplicated',
          RecordWrapperType: channel.RecordWrapperType ?? 'None',
        },
      ]),
    ),
  );
  write('resourceconfig.json', {
    current_host: 'algo-1',
    current_instance_type: input.ResourceConfig.InstanceType,
    current_group_name: 'homogeneousCluster',
    hosts: ['algo-1'],
    instance_groups: [
      {
        instance_group_name: 'homogeneousCluster',
        instance_type: input.ResourceConfig.InstanceType,
        hosts: ['algo-1'],
      },
    ],
    network_interface_name: 'lo',
  });
  return {
    root,
    channelFolder: (name) => join(root, 'input', 'data', name),
    modelFolder,
    hasModel: () => filesBelow(modelFolder).length > 0,
    failureReason: (exit) => {
      const text = existsSync(failureFile)
        ? readFileSync(failureFile).subarray(0, FAILURE_BYTES).toString('utf8')
        : 'See job logs for more information';
      return `AlgorithmError: ${text}, exit code: ${exit.code ?? exit.signal}`.slice(0, FAILURE_BYTES);
    },
  };
}
