import { join } from 'node:path';

/**
 * Where a container finds its input and leaves its output (SageMaker container contract). The root is `/opt/ml` in a
 * container and the folder in `SM_LOCAL_ROOT` outside one.
 */
export interface ContainerLayout {
  readonly hyperparameters: string;
  readonly inputDataConfig: string;
  readonly resourceConfig: string;
  channel(name: string): string;
  readonly model: string;
  readonly failure: string;
}

export function containerLayout(environment: Readonly<Record<string, string | undefined>>): ContainerLayout {
  const root = environment['SM_LOCAL_ROOT'] ?? '/opt/ml';
  return {
    hyperparameters: join(root, 'input', 'config', 'hyperparameters.json'),
    inputDataConfig: join(root, 'input', 'config', 'inputdataconfig.json'),
    resourceConfig: join(root, 'input', 'config', 'resourceconfig.json'),
    channel: (name) => join(root, 'input', 'data', name),
    model: join(root, 'model'),
    failure: join(root, 'output', 'failure'),
  };
}
